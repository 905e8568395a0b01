package dev.sluice.gateway.access;

import io.netty.handler.codec.http.HttpRequest;
import java.util.Set;

/** The methods that have a name on the log: what a client makes up is no dimension. Pure. */
final class Methods {

    /** As in OpenTelemetry's semantic conventions for HTTP. */
    static final String OTHER = "_OTHER";

    private static final Set<String> KNOWN =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private Methods() {}

    /** What cannot be decoded has a method that nobody sent. */
    static String nameOf(HttpRequest request) {
        String name = request.method().name();
        return request.decoderResult().isSuccess() && KNOWN.contains(name) ? name : OTHER;
    }
}
