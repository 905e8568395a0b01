package dev.sluice.gateway.access;

import dev.sluice.gateway.access.AccessProperties.Audience;
import dev.sluice.platform.web.Identity;
import io.netty.handler.codec.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells callers where the time went until their answer began: Server-Timing (W3C), in milliseconds. What a proxied request
 * spent at its upstream stands there already.
 */
final class ServerTiming {

    static final String HEADER = "Server-Timing";

    private static final long NANOS_PER_TENTH = 100_000;

    private final Audience audience;

    ServerTiming(Audience audience) {
        this.audience = audience;
    }

    void tell(RequestTrail trail, HttpHeaders headers) {
        ServerWebExchange exchange = trail.exchange();
        if (audience == Audience.NOBODY || exchange == null || !Identity.isKnown(exchange)) {
            return;
        }
        StringBuilder value = new StringBuilder(48);
        trail.authNanos().ifPresent(nanos -> append(value, "auth", nanos).append(", "));
        trail.limitNanos().ifPresent(nanos -> append(value, "limit", nanos).append(", "));
        append(value, "total", trail.waitedNanosUntil(trail.headNanos));
        headers.add(HEADER, value.toString());
    }

    private static StringBuilder append(StringBuilder to, String name, long nanos) {
        long tenths = nanos / NANOS_PER_TENTH;
        return to.append(name).append(";dur=").append(tenths / 10).append('.').append(tenths % 10);
    }
}
