package dev.sluice.gateway.tenant;

import dev.sluice.gateway.tier.LimitRuleView;
import dev.sluice.record.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A tenant as the API shows it. */
record TenantView(
        String id,
        String name,
        String tier,
        String status,
        List<LimitRuleView> limits,
        Instant createdAt,
        Instant updatedAt) {

    static TenantView of(Tenant tenant) {
        return new TenantView(
                tenant.getId(),
                tenant.getName(),
                tenant.getTier(),
                tenant.getStatus().name().toLowerCase(Locale.ROOT),
                LimitRuleView.of(tenant.getLimits()),
                tenant.getCreatedAt(),
                tenant.getUpdatedAt());
    }
}
