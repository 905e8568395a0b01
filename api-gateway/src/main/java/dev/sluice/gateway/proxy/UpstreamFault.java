package dev.sluice.gateway.proxy;

import java.util.Locale;

/** What can go wrong between the gateway and an upstream. */
enum UpstreamFault {
    REFUSED("the connection could not be made"),
    CONNECT_TIMEOUT("the connection could not be made in time"),
    BUSY("all connections are in use, and as many requests wait as may"),
    NO_TARGET("no target can take requests"),
    CLOSED("the connection ended before the answer did"),
    INVALID_ANSWER("the answer is not valid HTTP"),
    ANSWER_HEADERS_TOO_LARGE("the headers of the answer are too large"),
    FIRST_BYTE_TIMEOUT("the answer did not begin in time"),
    IDLE_TIMEOUT("a body paused for too long"),
    TOTAL_TIMEOUT("the request took too long altogether"),
    FAILING_STATUS("the answer is a failure that may be repeated");

    private final String text;

    UpstreamFault(String text) {
        this.text = text;
    }

    /** For people; says nothing of addresses. */
    String text() {
        return text;
    }

    /** Its name in problems and metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a connection could not be made. */
    boolean isBeforeConnection() {
        return this == REFUSED || this == CONNECT_TIMEOUT;
    }

    /** Whether nothing of the request can have reached the upstream in the attempt that ended so. */
    boolean isUnsent() {
        return isBeforeConnection() || this == BUSY || this == NO_TARGET;
    }

    /** Whether the target is to blame, rather than the load or a caller: one who does not read lets a body pause too. */
    boolean blamesTarget() {
        return this != BUSY && this != NO_TARGET && this != TOTAL_TIMEOUT && this != IDLE_TIMEOUT;
    }
}
