package dev.sluice.gateway.apikey;

import dev.sluice.gateway.audit.AuditPublisher;
import dev.sluice.gateway.table.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.ApiKey;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The API keys, for administrators. */
@RestController
@RequestMapping("/api/v1/keys")
final class ApiKeyController {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final ApiKeys keys;
    private final AuditPublisher audit;
    private final StrictJson json;

    ApiKeyController(ApiKeys keys, AuditPublisher audit, StrictJson json) {
        this.keys = keys;
        this.audit = audit;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        CreateApiKey wanted = json.read(body == null ? new byte[0] : body, CreateApiKey.class);
        return keys.create(wanted)
                .flatMap(created -> audit.record(exchange, created.tenant(), "key.create", "key/" + created.id())
                        .thenReturn(created))
                .map(this::created);
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("tenant", "limit", "cursor");
        int limit = Page.limit(query);
        return ok(Page.of(
                keys.list(query.text("tenant"), Page.cursor(query), limit + 1), limit, ApiKey::getId, ApiKeyView::of));
    }

    @GetMapping("/{id}")
    ResponseEntity<byte[]> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return ok(ApiKeyView.of(keys.find(id)));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    Mono<ResponseEntity<byte[]>> patch(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        KeyPatch patch = KeyPatch.read(body == null ? new byte[0] : body, json);
        return keys.patch(id, patch)
                .flatMap(changed -> audit.record(exchange, changed.getTenant(), "key.patch", "key/" + id)
                        .thenReturn(changed))
                .map(changed -> ok(ApiKeyView.of(changed)));
    }

    @PostMapping("/{id}/roll")
    Mono<ResponseEntity<byte[]>> roll(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return keys.roll(id, readRoll(body, exchange))
                .flatMap(rolled -> audit.record(exchange, rolled.tenant(), "key.roll", "key/" + id)
                        .thenReturn(rolled))
                .map(this::created);
    }

    /** To roll with the usual overlap nothing need be sent. */
    private RollKey readRoll(byte @Nullable [] body, ServerWebExchange exchange) {
        if (body == null || body.length == 0) {
            return new RollKey(null);
        }
        MediaType type = exchange.getRequest().getHeaders().getContentType();
        if (type == null || !MediaType.APPLICATION_JSON.isCompatibleWith(type)) {
            throw new ProblemException(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json, or send none.")
                    .withField(HttpHeaders.CONTENT_TYPE);
        }
        return json.read(body, RollKey.class);
    }

    @DeleteMapping("/{id}")
    Mono<ResponseEntity<Void>> remove(@PathVariable String id, ServerWebExchange exchange) {
        boolean purge = flag(StrictQuery.of(exchange.getRequest()).only("purge"), "purge");
        Mono<ApiKey> removed = purge ? keys.purge(id) : keys.revoke(id);
        String action = purge ? "key.purge" : "key.revoke";
        return removed.flatMap(key -> audit.record(exchange, key.getTenant(), action, "key/" + id))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private static boolean flag(StrictQuery query, String name) {
        Optional<String> value = query.text(name);
        if (value.isPresent() && !value.get().equals("true")) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER, name, "Send " + name + "=true, or leave it out.");
        }
        return value.isPresent();
    }

    private ResponseEntity<byte[]> created(ApiKeyView view) {
        return ResponseEntity.created(URI.create("/api/v1/keys/" + view.id()))
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(json.write(view));
    }

    private ResponseEntity<byte[]> ok(Object view) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
