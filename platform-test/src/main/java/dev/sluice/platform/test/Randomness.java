package dev.sluice.platform.test;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Random inputs that can be had again: the seed is logged, and {@code -Dsluice.test.seed=…} repeats it. */
public final class Randomness {

    private static final Logger log = LoggerFactory.getLogger(Randomness.class);
    private static final String PROPERTY = "sluice.test.seed";

    private Randomness() {}

    /** A generator with a fresh seed, or with the one of the system property. */
    public static Random seeded() {
        Long fixed = Long.getLong(PROPERTY);
        long seed = fixed == null ? ThreadLocalRandom.current().nextLong() : fixed;
        log.warn("random seed {}: repeat with -D{}={}", seed, PROPERTY, seed);
        return new Random(seed);
    }
}
