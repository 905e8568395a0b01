package dev.sluice.gateway.stream;

import java.util.Locale;

/** Why the gateway ends a stream. The names in lower case are part of the API. */
enum CloseReason {
    DISCONNECTED(1001, "The client is gone."),
    SHUTDOWN(1001, "This gateway shuts down; open the stream again, and another one goes on where it was."),
    KEY_INVALID(1008, "The API key was revoked, has expired, or is not there any more."),
    SCOPE_REMOVED(1008, "The API key has lost the scope events:read."),
    TENANT_SUSPENDED(1008, "The tenant of this API key is suspended; ask whoever runs this platform."),
    SLOW_READER(1008, "Nothing was read for too long; open the stream again to go on where it was."),
    UNRESPONSIVE(1001, "No ping was answered."),
    TOO_MANY_MESSAGES(1008, "The stream takes no messages, and too many came."),
    BINARY_MESSAGE(1003, "The stream takes no messages, and no binary ones at all.");

    private final int webSocketCode;
    private final String detail;

    CloseReason(int webSocketCode, String detail) {
        this.webSocketCode = webSocketCode;
        this.detail = detail;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** RFC 6455, section 7.4.1. */
    int webSocketCode() {
        return webSocketCode;
    }

    String detail() {
        return detail;
    }
}
