package dev.sluice.gateway.auth;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Tenant;
import dev.sluice.record.TenantStatus;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.server.ServerWebExchange;

/** Makes the owner of a credential the identity of a request. */
final class Callers {

    /** In place of a key's id, for who is known by something else. */
    static final String NO_KEY = "";

    /** A tenant that nobody entered has the tier with the least. */
    private static final String LOWEST_TIER = "free";

    private final TenantTable tenants;

    Callers(TenantTable tenants) {
        this.tenants = tenants;
    }

    /** Refuses a tenant that is suspended; it is known who asked all the same. */
    void establish(ServerWebExchange exchange, String tenantId, String keyId, Set<String> scopes) {
        if (!tenants.ready()) {
            throw TableWrites.loading("tenants");
        }
        Optional<Tenant> tenant = tenants.find(tenantId);
        String tier = tenant.map(Tenant::getTier).orElse(LOWEST_TIER);
        new Identity(tenantId, keyId, tier, scopes).establish(exchange);
        if (tenant.isPresent() && tenant.get().getStatus() == TenantStatus.SUSPENDED) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "The tenant of this credential is suspended; ask whoever runs this platform.");
        }
    }
}
