package dev.sluice.gateway.usage;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.forward.MetricsAnswers;
import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.ApiKey;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The usage of one key. The gateway knows whose the key is, metrics-aggregator what it used: here the one is found out, and
 * the other asked in the name of the key's tenant.
 */
@RestController
final class KeyUsageController {

    private final ApiKeyTable keys;
    private final MetricsAnswers metrics;

    KeyUsageController(ApiKeyTable keys, MetricsAnswers metrics) {
        this.keys = keys;
        this.metrics = metrics;
    }

    @GetMapping("/api/v1/keys/{id}/usage")
    Mono<Void> usage(@PathVariable String id, ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only("from", "to", "step", "group");
        Identity caller = Identity.of(exchange);
        String tenant = tenantOf(id, caller);
        return metrics.forward(exchange, new Identity(tenant, caller.keyId(), caller.tier(), caller.scopes()));
    }

    /** A key of another tenant is as unknown as one that is not there, but to administrators. */
    private String tenantOf(String id, Identity caller) {
        if (!keys.ready()) {
            throw TableWrites.loading("API keys");
        }
        return keys.find(id)
                .map(ApiKey::getTenant)
                .filter(tenant ->
                        tenant.equals(caller.tenant()) || caller.scopes().contains(Scopes.ADMIN))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no key with this id; GET /api/v1/usage names those that were used."));
    }
}
