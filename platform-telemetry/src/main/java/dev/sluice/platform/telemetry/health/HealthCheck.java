package dev.sluice.platform.telemetry.health;

import java.time.Duration;

/**
 * Something of a service that should be well. Every bean of this type is asked at a steady pace, each on a thread of its own that may block,
 * and what it finds is on the log within seconds.
 */
public interface HealthCheck {

    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** How it is called in answers, such as {@code kafka}: lower-case letters, digits and dashes, once in a service. */
    String name();

    Weight weight();

    /** What is found now; an exception counts as a failure. It is interrupted after its {@link #timeout}. */
    Finding check() throws Exception;

    /** How long an answer may take before it counts as a failure. */
    default Duration timeout() {
        return DEFAULT_TIMEOUT;
    }

    /** A check made of its parts. */
    static HealthCheck of(String name, Weight weight, Probe probe) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Weight weight() {
                return weight;
            }

            @Override
            public Finding check() throws Exception {
                return probe.check();
            }
        };
    }

    /** What looks; see {@link HealthCheck#check}. */
    @FunctionalInterface
    interface Probe {
        Finding check() throws Exception;
    }

    /** What a failure means for the whole. */
    enum Weight {
        /** It does not work. */
        CRITICAL,
        /** It works less well. */
        SUPPORTING
    }

    /**
     * What was found.
     *
     * @param detail a sentence for people, with the figures; without addresses and secrets, since tenants may read it
     */
    record Finding(boolean isWell, String detail) {
        public static Finding well(String detail) {
            return new Finding(true, detail);
        }

        public static Finding failing(String detail) {
            return new Finding(false, detail);
        }
    }
}
