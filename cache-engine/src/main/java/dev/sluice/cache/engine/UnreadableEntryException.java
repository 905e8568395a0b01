package dev.sluice.cache.engine;

/** What lies under a key is no entry of this format. */
final class UnreadableEntryException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableEntryException(String reason) {
        super(reason, null, false, false);
    }
}
