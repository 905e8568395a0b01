package dev.sluice.platform.kafka;

/** A listener threw an {@link Error}, which would end its consumer if it got out. */
final class ListenerDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenerDiedException(Error error) {
        super(error.getClass().getSimpleName(), error);
    }
}
