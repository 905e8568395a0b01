package dev.sluice.platform.web.egress;

/** A URL to which no requests are made; the message says what to change and shows nothing of the network. */
public final class RefusedUrlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public RefusedUrlException(String message) {
        super(message);
    }
}
