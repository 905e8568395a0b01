package dev.sluice.cache.http;

import dev.sluice.cache.engine.Quota;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisLedgers;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceTable;
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

/** {@code /api/v1/cache/namespaces/{namespace}/usage}: how much of its quota a namespace uses, as Redis counts it. */
@RestController
final class UsageController {

    private final RedisLedgers ledgers;
    private final NamespaceTable namespaces;
    private final StrictJson json;

    UsageController(RedisLedgers ledgers, NamespaceTable namespaces, StrictJson json) {
        this.ledgers = ledgers;
        this.namespaces = namespaces;
        this.json = json;
    }

    @GetMapping(path = NamespaceController.PATH + "/{namespace}/usage", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> usage(@PathVariable String namespace, ServerWebExchange exchange) {
        String tenant = CacheScope.READ.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        KeyRules.requireNamespace(namespace);
        Quota quota = namespaces.rulesOf(tenant, namespace).quota();
        if (quota.isNone()) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "The namespace has no quota, and so nothing is counted; lay down maxEntries or maxBytes for it.");
        }
        return ledgers.usage(new Scope(tenant, namespace))
                .map(usage -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .body(json.write(NamespaceUsage.of(namespace, quota, usage))))
                .onErrorMap(CacheFailures::ofUsage);
    }
}
