package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.EndToEndHeaders;
import dev.sluice.gateway.route.HeaderEdits;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.platform.web.Identity;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which headers an upstream gets of a caller's request, and how the route changes headers. Pure. */
final class UpstreamHeaders {

    /** Our name in Via (RFC 9110, section 7.6.3). */
    static final String VIA = "1.1 sluice";

    /** Set by the gateway, for the gateway alone, or what nobody has vouched for. */
    private static final Set<String> KEPT = Set.of(
            "host",
            "via",
            "x-request-id",
            "traceparent",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-forwarded-server",
            "x-forwarded-ssl",
            "x-real-ip");

    /** Negotiated anew for each connection. */
    private static final String WEBSOCKET_PREFIX = "sec-websocket-";

    /** What one hop says about its own message; a route cannot change it. */
    private static final Set<String> FRAMING = Set.of(
            "connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade", "via");

    /** RFC 9110, section 6.5.1; Reactor Netty drops all trailers when one of these is among them. */
    private static final Set<String> NEVER_TRAILING = Set.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "expires",
            "host",
            "location",
            "retry-after",
            "set-cookie",
            "trailer",
            "transfer-encoding",
            "vary",
            "warning");

    /** Who of the tenant's users is asking. */
    static final String USER = "X-Sluice-User";

    private static final String TENANT = "X-Sluice-Tenant";
    private static final String TIER = "X-Sluice-Tier";
    private static final String KEY_ID = "X-Sluice-Key-Id";
    private static final String SCOPES = "X-Sluice-Scopes";

    /** What every API key begins with. */
    private static final String KEY_PREFIX = "slk_";

    /** What every token of a session begins with. */
    private static final String SESSION_PREFIX = "sls_";

    private UpstreamHeaders() {}

    /** Copies what goes on of a request's headers; the caller's API key or session never does. */
    static void copyRequest(HttpHeaders caller, HttpHeaders to) {
        EndToEndHeaders.copyRequest(caller, UpstreamHeaders::isKept, (name, value) -> {
            String kept = name.equalsIgnoreCase("Cookie") ? SessionCookie.strip(value) : value;
            boolean emptied = kept.isEmpty() && !value.isEmpty();
            if (!emptied && !isOurs(name, value)) {
                to.add(name, kept);
            }
        });
        addVia(caller.getAll(HttpHeaderNames.VIA), to);
    }

    /** How often the request has come through a gateway like this one. */
    static int passesOf(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.VIA)) {
            return 0;
        }
        int passes = 0;
        for (String via : headers.getAll(HttpHeaderNames.VIA)) {
            for (String hop : via.split(",", -1)) {
                if (hop.strip().equals(VIA)) {
                    passes++;
                }
            }
        }
        return passes;
    }

    /** Says who is asking; a caller's own headers of these names were left behind. */
    static void addIdentity(Identity identity, HttpHeaders to) {
        to.set(TENANT, identity.tenant());
        to.set(TIER, identity.tier());
        // A session has no key.
        if (!identity.keyId().isEmpty()) {
            to.set(KEY_ID, identity.keyId());
            to.set(SCOPES, identity.scopes().stream().sorted().collect(Collectors.joining(" ")));
        }
    }

    static void edit(HeaderEdits edits, HttpHeaders headers) {
        if (edits.isEmpty()) {
            return;
        }
        edits.remove().stream().filter(UpstreamHeaders::isEditable).forEach(headers::remove);
        edits.set().forEach((name, value) -> {
            if (isEditable(name)) {
                headers.set(name, value);
            }
        });
        edits.add().forEach((name, value) -> {
            if (isEditable(name)) {
                headers.add(name, value);
            }
        });
    }

    private static void addVia(List<String> before, HttpHeaders to) {
        to.set(HttpHeaderNames.VIA, before.isEmpty() ? VIA : String.join(", ", before) + ", " + VIA);
    }

    /** Whether a field may stand behind a body: nothing that says how to read the message or what to do with it. */
    static boolean mayTrail(String name) {
        return !NEVER_TRAILING.contains(name.toLowerCase(Locale.ROOT));
    }

    static void removeWebSocket(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    }

    private static boolean isEditable(String name) {
        return !FRAMING.contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean isKept(String lowerCaseName) {
        return KEPT.contains(lowerCaseName) || lowerCaseName.startsWith(WEBSOCKET_PREFIX);
    }

    /** Another credential is the upstream's own affair. */
    private static boolean isOurs(String name, String value) {
        return (name.equalsIgnoreCase("Authorization") || name.equalsIgnoreCase("X-API-Key"))
                && (value.contains(KEY_PREFIX) || value.contains(SESSION_PREFIX));
    }
}
