package dev.sluice.gateway.relay;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Which headers pass the gateway. Hop-by-hop headers (RFC 9110, section 7.6.1) and those that Connection names belong
 * to one connection; what begins with X-Sluice- is between the gateway and the services alone. Pure.
 */
public final class EndToEndHeaders {

    private static final String CONNECTION = "connection";
    private static final String INTERNAL_PREFIX = "x-sluice-";

    private static final Set<String> HOP_BY_HOP = Set.of(
            CONNECTION,
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Of an answer: the gateway has said these itself. */
    private static final Set<String> SAID_BY_GATEWAY = Set.of("x-request-id");

    private static final String RATE_LIMIT = "ratelimit";
    private static final String X_RATE_LIMIT = "x-ratelimit";

    /** Without these a message changes its meaning or framing, so Connection cannot name them away. */
    private static final Set<String> NEVER_NOMINATED = Set.of("content-length", "content-type", "cache-control");

    private EndToEndHeaders() {}

    /**
     * Hands the headers of a request that may go on to {@code to}.
     *
     * @param kept which others stay behind, by their names in lower case
     */
    public static void copyRequest(
            Iterable<Map.Entry<String, String>> from, Predicate<String> kept, BiConsumer<String, String> to) {
        copy(from, kept, to);
    }

    /** Hands the headers of an answer that go on to the caller to {@code to}. */
    public static void copyAnswer(Iterable<Map.Entry<String, String>> from, BiConsumer<String, String> to) {
        copy(
                from,
                name -> SAID_BY_GATEWAY.contains(name) || name.startsWith(RATE_LIMIT) || name.startsWith(X_RATE_LIMIT),
                to);
    }

    private static void copy(
            Iterable<Map.Entry<String, String>> from, Predicate<String> kept, BiConsumer<String, String> to) {
        Set<String> nominated = nominated(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean stays = HOP_BY_HOP.contains(name)
                    || name.startsWith(INTERNAL_PREFIX)
                    || nominated.contains(name)
                    || kept.test(name);
            if (!stays) {
                to.accept(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> nominated(Iterable<Map.Entry<String, String>> headers) {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(CONNECTION)) {
                for (String name : List.of(header.getValue().split(",", -1))) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        names.removeAll(NEVER_NOMINATED);
        return names;
    }
}
