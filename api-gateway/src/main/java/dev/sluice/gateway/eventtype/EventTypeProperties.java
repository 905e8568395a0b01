package dev.sluice.gateway.eventtype;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The catalogue of event types.
 *
 * @param strictTenants tenants whose events must have a type of the catalogue; {@code *} stands for every tenant
 * @param maxVersions most versions of all types of one tenant; every gateway holds them in memory
 */
@ConfigurationProperties("sluice.gateway.event-types")
record EventTypeProperties(
        @DefaultValue List<String> strictTenants,
        @DefaultValue("1000") int maxVersions) {

    static final String EVERY_TENANT = "*";

    EventTypeProperties {
        strictTenants = List.copyOf(strictTenants);
        if (maxVersions < 1) {
            throw new IllegalArgumentException(
                    "sluice.gateway.event-types.max-versions must be at least 1: " + maxVersions);
        }
    }

    boolean isStrict(String tenant) {
        return strictTenants.contains(tenant) || strictTenants.contains(EVERY_TENANT);
    }
}
