package dev.sluice.gateway.proxy;

import dev.sluice.gateway.access.RequestTrail;
import dev.sluice.gateway.responsecache.AnswerTap;
import dev.sluice.gateway.responsecache.OriginCall;
import dev.sluice.gateway.responsecache.ResponseMeters;
import dev.sluice.gateway.route.Route;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Function;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A request of a route that keeps answers.
 *
 * @param meters of the route
 * @param asking sends a request for a caller who waits
 * @param askingUnseen sends a request that may outlive the caller's
 */
record CachedCall(
        ProxiedRequest request,
        ResponseMeters meters,
        Function<ProxiedRequest, Mono<Void>> asking,
        Function<ProxiedRequest, Mono<Void>> askingUnseen)
        implements OriginCall {

    @Override
    public ServerWebExchange exchange() {
        return request.exchange();
    }

    @Override
    public Route route() {
        return request.route();
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String scheme() {
        return request.from().scheme();
    }

    @Override
    public String host() {
        return request.from().host();
    }

    @Override
    public String target() {
        return request.caller().uri();
    }

    @Override
    public boolean hasBody() {
        return request.body().exists();
    }

    @Override
    public HttpHeaders callerHeaders() {
        return request.caller().requestHeaders();
    }

    @Override
    public HttpHeaders upstreamHeaders() {
        HttpHeaders headers = new DefaultHttpHeaders();
        request.writeSharedHeaders(headers);
        return headers;
    }

    @Override
    public String via() {
        return UpstreamHeaders.VIA;
    }

    @Override
    public void lookedIntoStore() {
        RequestTrail.of(exchange()).lookedIntoStore();
    }

    @Override
    public void answeredFromStore() {
        RequestTrail.of(exchange()).answeredFromStore();
    }

    @Override
    public Mono<Void> pass(AnswerTap tap) {
        return Mono.defer(() -> {
            RequestTrail.of(exchange()).asked();
            return asking.apply(request.through(tap, Audience.CALLER));
        });
    }

    @Override
    public Mono<Void> passUnseen(AnswerTap tap) {
        return askingUnseen.apply(request.through(tap, Audience.NOBODY));
    }
}
