package dev.sluice.gateway.forward;

import dev.sluice.gateway.relay.EndToEndHeaders;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Which headers of a caller's request a service gets. Pure. */
final class ForwardedHeaders {

    /** For the gateway, set by the gateway, or what nobody has vouched for. */
    private static final Set<String> KEPT = Set.of(
            "host",
            "expect",
            "authorization",
            "x-api-key",
            "x-request-id",
            "traceparent",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-real-ip");

    private ForwardedHeaders() {}

    /** Hands the headers of a request that go on to the service to {@code to}. */
    static void copyRequest(Iterable<Map.Entry<String, String>> from, BiConsumer<String, String> to) {
        EndToEndHeaders.copyRequest(from, KEPT::contains, to);
    }
}
