package dev.sluice.cache.event;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How reads are told apart on the log.
 *
 * @param maxPatterns key patterns of one namespace that have a name of their own
 * @param maxNamespaces namespaces whose patterns are remembered
 * @param rememberedKeys keys of which a node remembers what became of them last, so that it can say why they are missed; 24 bytes each
 */
@ConfigurationProperties("sluice.cache.event")
record EventProperties(
        @DefaultValue("200") int maxPatterns,
        @DefaultValue("1000") int maxNamespaces,
        @DefaultValue("131072") int rememberedKeys) {

    /** 400 MB. */
    private static final int MOST_REMEMBERED = 1 << 24;

    EventProperties {
        requirePositive("max-patterns", maxPatterns);
        requirePositive("max-namespaces", maxNamespaces);
        requirePositive("remembered-keys", rememberedKeys);
        if (rememberedKeys > MOST_REMEMBERED) {
            throw new IllegalArgumentException(
                    "sluice.cache.event.remembered-keys must be at most " + MOST_REMEMBERED + ": " + rememberedKeys);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sluice.cache.event." + name + " must be positive: " + value);
        }
    }
}
