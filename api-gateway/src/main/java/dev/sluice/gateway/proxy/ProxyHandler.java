package dev.sluice.gateway.proxy;

import dev.sluice.gateway.access.RequestTrail;
import dev.sluice.gateway.address.TrustedProxies;
import dev.sluice.gateway.responsecache.ResponseCache;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.RouteHit;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Answers a request of a route with what the route's upstream says. Thread-safe. */
final class ProxyHandler {

    /** More gateways in a row than anybody has on purpose. */
    static final int MOST_PASSES = 5;

    /** A name or an address, perhaps with a port: nothing that means more in another header. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._~-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    private static final String WEBSOCKET_VERSION = "13";

    private final Upstreams upstreams;
    private final TrustedProxies trusted;
    private final Tunnels tunnels;
    private final ResponseCache cache;
    private final Watches watches = new Watches();

    ProxyHandler(Upstreams upstreams, TrustedProxies trusted, Tunnels tunnels, ResponseCache cache) {
        this.upstreams = upstreams;
        this.trusted = trusted;
        this.tunnels = tunnels;
        this.cache = cache;
    }

    Mono<Void> handle(ServerWebExchange exchange, RouteHit hit) {
        return Mono.using(
                () -> upstreams.enter(hit.route().id()).orElseThrow(ProxyHandler::removed),
                upstream -> pass(exchange, upstream),
                Upstream::leave);
    }

    private Mono<Void> pass(ServerWebExchange exchange, Upstream upstream) {
        ProxiedRequest request = ProxiedRequest.of(exchange, upstream.route(), noteOf(exchange));
        requireNoLoop(request.caller().requestHeaders());
        if (request.isWebSocket()) {
            requireHandshake(request.caller().requestHeaders());
        }
        Optional<CachePolicy> policy = request.route().cache().filter(kept -> !request.isWebSocket());
        if (policy.isPresent()) {
            CachedCall call = new CachedCall(
                    request, upstream.meters().answers(), tapped -> ask(tapped, upstream), this::askUnseen);
            return cache.answer(call, policy.get());
        }
        RequestTrail.of(exchange).asked();
        return ask(request, upstream);
    }

    private Mono<Void> ask(ProxiedRequest request, Upstream upstream) {
        return new ProxyExchange(request, upstream, tunnels, watches);
    }

    /** The upstream is kept for longer than the caller's request takes. */
    private Mono<Void> askUnseen(ProxiedRequest request) {
        return Mono.using(
                () -> upstreams.enter(request.route().id()).orElseThrow(ProxyHandler::removed),
                upstream -> ask(request, upstream),
                Upstream::leave);
    }

    private static ProblemException removed() {
        return new ProblemException(ProblemType.NOT_FOUND, "The route has just been removed.");
    }

    private ForwardedNote noteOf(ServerWebExchange exchange) {
        HttpServerRequest caller = ((AbstractServerHttpRequest) exchange.getRequest()).getNativeRequest();
        InetSocketAddress remote = caller.remoteAddress();
        InetAddress peer = remote == null ? null : remote.getAddress();
        String host = caller.requestHeaders().get(HttpHeaderNames.HOST, "");
        if (!isHost(host)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER, "Host", "Send a host name or address, and perhaps a port.");
        }
        return new ForwardedNote(peer, trusted.trusts(peer), caller.scheme(), host);
    }

    private static boolean isHost(String host) {
        boolean plain = !host.isEmpty();
        for (int i = 0; plain && i < host.length(); i++) {
            char c = host.charAt(i);
            plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        }
        return plain || HOST.matcher(host).matches();
    }

    private static void requireNoLoop(HttpHeaders headers) {
        if (UpstreamHeaders.passesOf(headers) >= MOST_PASSES) {
            throw new ProblemException(
                    ProxyFailures.LOOP,
                    "The request has come through the gateway " + MOST_PASSES
                            + " times; let the route's targets lead somewhere else.");
        }
    }

    private static void requireHandshake(HttpHeaders headers) {
        if (!WEBSOCKET_VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new ProblemException(ProxyFailures.WEBSOCKET_VERSION, "Use version 13 of the WebSocket protocol.")
                    .withField("Sec-WebSocket-Version")
                    .withHeader("Sec-WebSocket-Version", WEBSOCKET_VERSION);
        }
        if (headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() != 1) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER, "Sec-WebSocket-Key", "Send exactly one Sec-WebSocket-Key.");
        }
    }
}
