package dev.sluice.gateway.apikey;

import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Page;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.ApiKey;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
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
@RequestMapping(path = "/api/v1/keys", produces = MediaType.APPLICATION_JSON_VALUE)
final class ApiKeyController {

    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String PURGE = "purge";

    private final ApiKeys keys;
    private final KeyUses uses;
    private final AuditPublisher audit;
    private final StrictJson json;

    ApiKeyController(ApiKeys keys, KeyUses uses, AuditPublisher audit, StrictJson json) {
        this.keys = keys;
        this.uses = uses;
        this.audit = audit;
        this.json = json;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> create(
            @RequestBody(required = false) byte @Nullable [] body, ServerWebExchange exchange) {
        Wait wait = Wait.of(StrictQuery.of(exchange.getRequest()).only(Wait.PARAMETER));
        CreateApiKey wanted = json.read(body == null ? new byte[0] : body, CreateApiKey.class);
        return keys.create(wanted)
                .flatMap(change -> audited(exchange, change, change.subject().key(), "key.create"))
                .flatMap(change -> made(change, wait));
    }

    @GetMapping
    Mono<ResponseEntity<byte[]>> list(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("tenant", "limit", "cursor");
        int limit = Page.limit(query);
        List<ApiKey> oneMore = keys.list(query.text("tenant"), Page.cursor(query), limit + 1);
        return uses.find(oneMore.stream().map(ApiKey::getId).toList())
                .map(last ->
                        ok(Page.of(oneMore, limit, ApiKey::getId, key -> ApiKeyView.of(key, last.get(key.getId())))));
    }

    @GetMapping("/{id}")
    Mono<ResponseEntity<byte[]>> find(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        ApiKey key = keys.find(id);
        return uses.find(List.of(id)).map(last -> ok(ApiKeyView.of(key, last.get(id))));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    Mono<ResponseEntity<byte[]>> patch(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        Wait wait = Wait.of(StrictQuery.of(exchange.getRequest()).only(Wait.PARAMETER));
        KeyPatch patch = KeyPatch.read(body == null ? new byte[0] : body, json);
        return keys.patch(id, patch)
                .flatMap(change -> audited(exchange, change, change.subject(), "key.patch"))
                .flatMap(change -> wait.on(change)
                        .map(end -> waited(end, KeyAnswer.of(change.subject(), end)))
                        .switchIfEmpty(Mono.fromSupplier(() -> ok(ApiKeyView.of(change.subject())))));
    }

    @PostMapping("/{id}/roll")
    Mono<ResponseEntity<byte[]>> roll(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        Wait wait = Wait.of(StrictQuery.of(exchange.getRequest()).only(Wait.PARAMETER));
        return keys.roll(id, readRoll(body, exchange))
                .flatMap(change -> audit.record(exchange, change.subject().key().getTenant(), "key.roll", "key/" + id)
                        .thenReturn(change))
                .flatMap(change -> made(change, wait));
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
    Mono<ResponseEntity<byte[]>> remove(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PURGE, Wait.PARAMETER);
        Wait wait = Wait.of(query);
        if (query.text(PURGE).isPresent()) {
            return purge(id, wait, query, exchange);
        }
        return keys.revoke(id)
                .flatMap(change -> audited(exchange, change, change.subject(), "key.revoke"))
                .flatMap(change -> wait.on(change)
                        .map(end -> waited(end, KeyAnswer.of(change.subject(), end)))
                        .switchIfEmpty(Mono.fromSupplier(
                                () -> ResponseEntity.noContent().build())));
    }

    private Mono<ResponseEntity<byte[]>> purge(String id, Wait wait, StrictQuery query, ServerWebExchange exchange) {
        if (!query.text(PURGE).equals(Optional.of("true"))) {
            throw ProblemException.ofField(ProblemType.INVALID_PARAMETER, PURGE, "Send purge=true, or leave it out.");
        }
        if (wait == Wait.ALL) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER,
                    Wait.PARAMETER,
                    "Wait when you revoke: what is purged was refused everywhere before.");
        }
        return keys.purge(id)
                .flatMap(key -> uses.forget(id).thenReturn(key))
                .flatMap(key -> audit.record(exchange, key.getTenant(), "key.purge", "key/" + id))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private <T> Mono<Change<T>> audited(ServerWebExchange exchange, Change<T> change, ApiKey key, String action) {
        return audit.record(exchange, key.getTenant(), action, "key/" + key.getId())
                .thenReturn(change);
    }

    private Mono<ResponseEntity<byte[]>> made(Change<NewKey> change, Wait wait) {
        return wait.on(change)
                .map(end -> created(KeyAnswer.of(change.subject(), end)))
                .switchIfEmpty(Mono.fromSupplier(() -> created(KeyAnswer.of(change.subject(), null))));
    }

    private ResponseEntity<byte[]> created(KeyAnswer answer) {
        return ResponseEntity.created(URI.create("/api/v1/keys/" + answer.view().id()))
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(json.write(answer));
    }

    /** 202: it is in the log and in force here, but not every gateway has said so. */
    private ResponseEntity<byte[]> waited(Propagation end, KeyAnswer answer) {
        return ResponseEntity.status(end.complete() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.write(answer));
    }

    private ResponseEntity<byte[]> ok(Object view) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
