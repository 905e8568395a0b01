package dev.sluice.gateway.tier;

import dev.sluice.record.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The tiers that come with the program, from {@code tiers.yaml}. */
final class ShippedTiers {

    private static final String RESOURCE = "tiers.yaml";

    private static final String FREE = "free";

    private final Map<String, Tier> tiers;

    ShippedTiers(Map<String, Tier> tiers) {
        this.tiers = tiers;
    }

    static ShippedTiers load(Instant updatedAt) {
        try (InputStream in = ShippedTiers.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + RESOURCE + " on the class path");
            }
            return new ShippedTiers(TierYaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), updatedAt));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    Optional<Tier> find(String name) {
        return Optional.ofNullable(tiers.get(name));
    }

    /** The tier of those whose own is not known. */
    Tier free() {
        return Objects.requireNonNull(tiers.get(FREE), "there is no tier " + FREE);
    }

    Collection<Tier> all() {
        return tiers.values();
    }
}
