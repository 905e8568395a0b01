package dev.sluice.gateway.tier;

import dev.sluice.gateway.table.JsonTree;
import dev.sluice.platform.telemetry.AuditPublisher;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The tiers: every key may see what its tenant could have, administrators change them. */
@RestController
@RequestMapping(path = "/api/v1/tiers", produces = MediaType.APPLICATION_JSON_VALUE)
final class TierController {

    private final TierTable tiers;
    private final TierChanges changes;
    private final AuditPublisher audit;
    private final StrictJson json;

    TierController(TierTable tiers, TierChanges changes, AuditPublisher audit, StrictJson json) {
        this.tiers = tiers;
        this.changes = changes;
        this.audit = audit;
        this.json = json;
    }

    @GetMapping
    ResponseEntity<byte[]> all(ServerWebExchange exchange) {
        check(exchange);
        return json(ResponseEntity.ok(), TierViews.page(tiers.all()));
    }

    @GetMapping("/{name}")
    ResponseEntity<byte[]> one(@PathVariable String name, ServerWebExchange exchange) {
        check(exchange);
        TierEntry entry = tiers.findEntry(name).orElseThrow(TierChanges::notFound);
        return json(ResponseEntity.ok().eTag(entry.entityTag()), TierViews.view(entry.tier()));
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> put(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        check(exchange);
        Object document = JsonTree.of(json.readTree(body == null ? new byte[0] : body));
        return changes.put(name, document, exchange.getRequest().getHeaders())
                .flatMap(stored -> record(exchange, "tier.put", name).thenReturn(stored))
                .map(this::answer);
    }

    @DeleteMapping(path = "/{name}", produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(@PathVariable String name, ServerWebExchange exchange) {
        check(exchange);
        return changes.delete(name, exchange.getRequest().getHeaders())
                .then(Mono.defer(() -> record(exchange, "tier.delete", name)))
                .thenReturn(ResponseEntity.noContent().build());
    }

    private Mono<Void> record(ServerWebExchange exchange, String action, String name) {
        return audit.record(exchange, Identity.of(exchange).tenant(), action, "tier/" + name);
    }

    private ResponseEntity<byte[]> answer(TierChanges.Stored stored) {
        TierEntry entry = stored.entry();
        ResponseEntity.BodyBuilder answer = switch (stored.outcome()) {
            case CREATED ->
                ResponseEntity.created(
                        URI.create("/api/v1/tiers/" + entry.tier().getName()));
            case REPLACED -> ResponseEntity.ok();
        };
        return json(answer.eTag(entry.entityTag()), TierViews.view(entry.tier()));
    }

    private static void check(ServerWebExchange exchange) {
        Identity ignored = Identity.of(exchange);
        StrictQuery.of(exchange.getRequest()).only();
    }

    private ResponseEntity<byte[]> json(ResponseEntity.BodyBuilder answer, Object document) {
        return answer.contentType(MediaType.APPLICATION_JSON).body(json.write(document));
    }
}
