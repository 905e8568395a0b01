package dev.sluice.cache.event;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How reads are told apart on the log.
 *
 * @param maxPatterns key patterns of one namespace that have a name of their own
 * @param maxNamespaces namespaces whose patterns are remembered
 */
@ConfigurationProperties("sluice.cache.event")
record EventProperties(
        @DefaultValue("200") int maxPatterns,
        @DefaultValue("1000") int maxNamespaces) {

    EventProperties {
        requirePositive("max-patterns", maxPatterns);
        requirePositive("max-namespaces", maxNamespaces);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sluice.cache.event." + name + " must be positive: " + value);
        }
    }
}
