package dev.sluice.webhook.egress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What came of one request. */
public sealed interface Answer {

    /**
     * A response arrived.
     *
     * @param retryAfter the Retry-After header as it was sent
     * @param wish what the receiver wants to become of it
     * @param body the body, cut at 16 KiB
     */
    record Received(int status, @Nullable String retryAfter, Wish wish, Body body) implements Answer {

        /** An answer without a wish. */
        public Received(int status, @Nullable String retryAfter, Body body) {
            this(status, retryAfter, Wish.NONE, body);
        }
    }

    /** No response, or none that could be read. */
    record Missing(Failure failure) implements Answer {}

    /** What a receiver says beside its status, in a header that Svix has made known. */
    enum Wish {
        NONE,
        /** Not to get this message any more. */
        ABORT_MESSAGE,
        /** Not to get anything any more. */
        DISABLE;

        /** The response header that says it. */
        public static final String HEADER = "webhook-delivery";

        /** The wish in a header, if there is one and it is known. */
        public static Wish of(@Nullable String header) {
            return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
                case "abort-message" -> ABORT_MESSAGE;
                case "disable" -> DISABLE;
                default -> NONE;
            };
        }
    }

    /** Why there was no response. */
    enum Failure {
        BLOCKED_ADDRESS("blocked_address"),
        UNKNOWN_HOST("unknown_host"),
        CONNECT("connect"),
        TLS("tls"),
        TIMEOUT("timeout"),
        CLOSED("closed"),
        PROTOCOL("protocol"),
        UNSIGNABLE("unsignable");

        private final String code;

        Failure(String code) {
            this.code = code;
        }

        /** The category that the owner of the endpoint sees. */
        public String code() {
            return code;
        }
    }
}
