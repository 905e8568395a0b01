package dev.sluice.standalone.demo;

/** The demo could not go on; the message says at what. */
public final class DemoFailedException extends RuntimeException {

    DemoFailedException(String message) {
        super(message);
    }

    DemoFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
