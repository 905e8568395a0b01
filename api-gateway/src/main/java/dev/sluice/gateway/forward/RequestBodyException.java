package dev.sluice.gateway.forward;

/** The caller's body ended in an error, which is not the service's fault; the cause says in which. */
final class RequestBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable cause;

    RequestBodyException(Throwable cause) {
        super("the request body could not be read", cause, false, false);
        this.cause = cause;
    }

    @Override
    public synchronized Throwable getCause() {
        return cause;
    }
}
