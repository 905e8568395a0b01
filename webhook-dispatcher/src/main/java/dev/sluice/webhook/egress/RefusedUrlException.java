package dev.sluice.webhook.egress;

/** A URL that webhooks are not sent to; the message says what to change and shows nothing of the network. */
public final class RefusedUrlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RefusedUrlException(String message) {
        super(message);
    }
}
