package dev.sluice.cache.engine;

import java.util.OptionalLong;

/** What must hold of an entry for a change to happen; checked where the change is made, in one step with it. */
public sealed interface Condition {

    /** Whether it holds for an entry with this version, or for none. A deleted or expired entry is none. */
    boolean holds(OptionalLong version);

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

    /** Always. */
    enum Any implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version) {
            return true;
        }
    }

    /** There is no entry. */
    enum Absent implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version) {
            return version.isEmpty();
        }
    }

    /** There is an entry, whatever its version. */
    enum Present implements Condition {
        INSTANCE;

        @Override
        public boolean holds(OptionalLong version) {
            return version.isPresent();
        }
    }

    /** There is an entry, and it has this version. */
    record Version(long version) implements Condition {

        @Override
        public boolean holds(OptionalLong current) {
            return current.isPresent() && current.getAsLong() == version;
        }
    }
}
