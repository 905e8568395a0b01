package dev.sluice.webhook.egress;

import org.jspecify.annotations.Nullable;

/** What came of one request. */
public sealed interface Answer {

    /**
     * A response arrived.
     *
     * @param retryAfter the Retry-After header as it was sent
     * @param body the body, cut at 16 KiB
     */
    record Received(int status, @Nullable String retryAfter, Body body) implements Answer {}

    /** No response, or none that could be read. */
    record Missing(Failure failure) implements Answer {}

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
