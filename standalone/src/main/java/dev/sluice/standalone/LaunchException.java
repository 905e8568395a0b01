package dev.sluice.standalone;

/** The platform cannot be started or reached; the message says why and what to do, and is shown as it is. */
public class LaunchException extends RuntimeException {

    public LaunchException(String message) {
        super(message);
    }

    public LaunchException(String message, Throwable cause) {
        super(message, cause);
    }
}
