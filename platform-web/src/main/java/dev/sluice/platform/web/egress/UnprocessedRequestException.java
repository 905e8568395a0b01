package dev.sluice.platform.web.egress;

import java.io.IOException;

/** The server said that it did nothing about a request, so that it may be sent again at once (RFC 9113, section 8.7). */
public final class UnprocessedRequestException extends IOException {

    private static final long serialVersionUID = 1;

    public UnprocessedRequestException() {
        super("the server did not process the request");
    }
}
