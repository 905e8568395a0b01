package dev.sluice.gateway.relay;

/** The caller's body ended in an error, which is not the upstream's fault; the cause says in which. */
public final class CallerBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable cause;

    public CallerBodyException(Throwable cause) {
        super("the request body could not be read", cause, false, false);
        this.cause = cause;
    }

    @Override
    public synchronized Throwable getCause() {
        return cause;
    }
}
