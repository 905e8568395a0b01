package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.Scopes;
import dev.sluice.gateway.table.TableWrites;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.ApiKey;
import dev.sluice.record.Tenant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds whose limits a question is about, and whether the caller may ask for them. Thread-safe. */
final class LimitOwners {

    /** No key has it: the limits are those of the tenant. */
    static final String NO_KEY = "";

    private final TenantTable tenants;
    private final ApiKeyTable keys;

    LimitOwners(TenantTable tenants, ApiKeyTable keys) {
        this.tenants = tenants;
        this.keys = keys;
    }

    void requireReady() {
        if (!tenants.ready()) {
            throw TableWrites.loading("tenants");
        }
        if (!keys.ready()) {
            throw TableWrites.loading("API keys");
        }
    }

    /** Who is meant. A caller that may not ask for others does not learn who else there is. */
    Identity of(Identity caller, @Nullable String tenant, @Nullable String key) {
        if (tenant == null && key == null) {
            return caller;
        }
        boolean forOthers = mayAskForOthers(caller);
        if (tenant != null && !forOthers && !tenant.equals(caller.tenant())) {
            throw ProblemException.ofField(
                    ProblemType.FORBIDDEN,
                    "tenant",
                    "To ask for another tenant, use an API key with the scope " + Scopes.LIMITS_CHECK + ".");
        }
        String owner = key == null ? tenant : ownerOf(key, tenant, forOthers ? null : caller.tenant());
        Tenant found = Optional.ofNullable(owner)
                .flatMap(tenants::find)
                .orElseThrow(() ->
                        ProblemException.ofField(ProblemType.NOT_FOUND, "tenant", "There is no tenant with this id."));
        return new Identity(found.getId(), key == null ? NO_KEY : key, found.getTier(), Set.of());
    }

    private String ownerOf(String key, @Nullable String tenant, @Nullable String onlyOf) {
        return keys.find(key)
                .map(ApiKey::getTenant)
                .filter(owner -> tenant == null || tenant.equals(owner))
                .filter(owner -> onlyOf == null || onlyOf.equals(owner))
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemType.NOT_FOUND, "key", "There is no API key with this id, or it is another tenant's."));
    }

    private static boolean mayAskForOthers(Identity caller) {
        return caller.scopes().contains(Scopes.ADMIN) || caller.scopes().contains(Scopes.LIMITS_CHECK);
    }
}
