package dev.sluice.cache.engine;

import java.util.OptionalLong;

/** The entry was not as the change asked for; nothing was changed. */
public final class ConditionFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Zero for none: an {@code OptionalLong} cannot be serialized. */
    private final long version;

    /** The version is that of the entry that is there; empty when there is none. */
    public ConditionFailedException(OptionalLong currentVersion) {
        super(
                currentVersion.isPresent()
                        ? "the entry has version " + currentVersion.getAsLong()
                        : "there is no entry",
                null,
                false,
                false);
        version = currentVersion.orElse(0);
    }

    /** Empty when there is no entry. */
    public OptionalLong currentVersion() {
        return version == 0 ? OptionalLong.empty() : OptionalLong.of(version);
    }
}
