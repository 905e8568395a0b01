package dev.sluice.gateway.apikey;

import dev.sluice.gateway.audit.AuditPublisher;
import dev.sluice.gateway.table.Page;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.ApiKey;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
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
                .map(created -> ResponseEntity.created(URI.create("/api/v1/keys/" + created.id()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .body(json.write(created)));
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

    @DeleteMapping("/{id}")
    Mono<ResponseEntity<Void>> revoke(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return keys.revoke(id)
                .flatMap(revoked -> audit.record(exchange, revoked.getTenant(), "key.revoke", "key/" + id))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private ResponseEntity<byte[]> ok(Object view) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.write(view));
    }
}
