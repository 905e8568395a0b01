package dev.sluice.metrics.streams;

/** The windows cannot be read now; the message says why. Trying again is right. */
public final class StoresNotReadyException extends RuntimeException {
    public StoresNotReadyException(String reason) {
        super(reason);
    }

    public StoresNotReadyException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
