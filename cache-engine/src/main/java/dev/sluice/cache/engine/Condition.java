package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/** What must hold of an entry for a change to happen; checked where the change is made, in one step with it. */
public sealed interface Condition {

    /**
     * Whether it holds for an entry with this version, or for none, under this lease or 0 for none. A deleted or expired
     * entry is none, and so is an {@linkplain CacheValue#absence absence}.
     */
    boolean holds(OptionalLong version, long lease);

    static Condition any() {
        return Any.INSTANCE;
    }

    static Condition absent() {
        return Absent.INSTANCE;
    }

    static Condition present() {
        return Present.INSTANCE;
    }

    static Condition version(long version) {
        return new Version(version);
    }

    /** Nothing has changed since the lease with this token was given, and nobody else was given one. */
    static Condition lease(long token) {
        return new Leased(token);
    }

    /** Always. */
    enum Any implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version, long lease) {
            return true;
        }
    }

    /** There is no entry. */
    enum Absent implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version, long lease) {
            return version.isEmpty();
        }
    }

    /** There is an entry, whatever its version. */
    enum Present implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version, long lease) {
            return version.isPresent();
        }
    }

    /** There is an entry, and it has this version. */
    record Version(long version) implements Condition {

        @Override
        public boolean holds(OptionalLong current, long lease) {
            return current.isPresent() && current.getAsLong() == version;
        }
    }

    /** The lease is the one with this token. */
    record Leased(long token) implements Condition {

        private static final Duration MAX_COST = Duration.ofMinutes(1);

        public Leased {
            if (token <= 0) {
                throw new IllegalArgumentException("token must be positive");
            }
        }

        @Override
        public boolean holds(OptionalLong version, long lease) {
            return lease == token;
        }

        /** Tokens and versions are about times in microseconds, so what it took to make the value is known. */
        Duration cost(long version) {
            Duration cost = Duration.of(Math.max(0, version - token), ChronoUnit.MICROS);
            return cost.compareTo(MAX_COST) < 0 ? cost : MAX_COST;
        }
    }
}
