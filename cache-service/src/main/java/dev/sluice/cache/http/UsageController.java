package dev.sluice.cache.http;

import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.Quotas.Terms;
import dev.sluice.cache.engine.RedisLedgers;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceQuotas;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}/usage}: how much of its quota a namespace uses, and its tenant of that of its tier, as Redis counts it. */
@RestController
final class UsageController {

    private final RedisLedgers ledgers;
    private final NamespaceQuotas quotas;
    private final StrictJson json;

    UsageController(RedisLedgers ledgers, NamespaceQuotas quotas, StrictJson json) {
        this.ledgers = ledgers;
        this.quotas = quotas;
        this.json = json;
    }

    @GetMapping(path = NamespaceController.PATH + "/{namespace}/usage", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> usage(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = CacheScope.READ.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        KeyRules.requireNamespace(namespace);
        Terms terms = quotas.of(tenant, namespace);
        if (terms == null) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "The namespace has no quota, and so nothing is counted; lay down maxEntries or maxBytes for it.");
        }
        Mono<NamespaceUsage> own = ledgers.usage(new Scope(tenant, namespace))
                .map(usage -> NamespaceUsage.of(namespace, terms.namespace(), usage));
        Mono<NamespaceUsage> whole = terms.tenant().isNone()
                ? own
                : own.zipWith(ledgers.usage(Scope.ofTenant(tenant)), (usage, all) -> usage.of(terms, all));
        return whole.map(usage ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(json.write(usage)))
                .onErrorMap(CacheFailures::ofUsage);
    }
}
