package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.CallerBody;
import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.gateway.responsecache.AnswerTap;
import dev.sluice.gateway.route.CallerIdentity;
import dev.sluice.gateway.route.Rewrite.HostHeader;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.session.SessionUser;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.RequestContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A caller's request on its way to an upstream, whichever target gets it. Used by one request at a time.
 *
 * @param caller the request as it was sent
 * @param from where it came from
 * @param tap what the answer passes on its way to the caller
 */
record ProxiedRequest(
        ServerWebExchange exchange,
        HttpServerRequest caller,
        Route route,
        ForwardedNote from,
        CallerBody body,
        RelayedAnswer answer,
        AnswerTap tap,
        Audience audience) {

    static ProxiedRequest of(ServerWebExchange exchange, Route route, ForwardedNote from) {
        HttpServerRequest caller = ((AbstractServerHttpRequest) exchange.getRequest()).getNativeRequest();
        CallerBody body = new CallerBody(exchange.getRequest(), route.maxBodyBytes());
        return new ProxiedRequest(
                exchange, caller, route, from, body, new RelayedAnswer(exchange), AnswerTap.OPEN, Audience.CALLER);
    }

    /** The same, whose answer passes a tap. */
    ProxiedRequest through(AnswerTap other, Audience who) {
        return new ProxiedRequest(exchange, caller, route, from, body, new RelayedAnswer(exchange), other, who);
    }

    HttpMethod method() {
        return caller.method();
    }

    /** Path and query as the upstream gets them. */
    String path() {
        return UpstreamPath.of(caller.uri(), route.rewrite());
    }

    /** The caller's connection. */
    Connection connection() {
        return (Connection) caller;
    }

    /** The answer as Reactor Netty has it, in which request and answer are one. */
    HttpServerResponse rawAnswer() {
        return (HttpServerResponse) caller;
    }

    boolean expectsContinue() {
        return body.exists() && caller.requestHeaders().contains(HttpHeaderNames.EXPECT);
    }

    boolean takesTrailers() {
        return caller.requestHeaders()
                .containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, /* ignoreCase= */ true);
    }

    boolean isWebSocket() {
        HttpHeaders headers = caller.requestHeaders();
        return method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, /* ignoreCase= */ true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, /* ignoreCase= */ true);
    }

    /** Writes what the upstream gets in headers, without those of one kind of connection. */
    void writeHeaders(HttpHeaders to, UpstreamTarget target) {
        writeSharedHeaders(to);
        to.set(HttpHeaderNames.HOST, route.rewrite().host() == HostHeader.CALLER ? from.host() : target.authority());
    }

    /** Writes what every target gets. */
    void writeSharedHeaders(HttpHeaders to) {
        UpstreamHeaders.copyRequest(caller.requestHeaders(), to);
        from.write(caller.requestHeaders(), to);
        RequestContext context = RequestContext.of(exchange);
        to.set("X-Request-Id", context.requestId());
        to.set("traceparent", context.traceParent());
        UpstreamHeaders.edit(route.requestHeaders(), to);
        if (route.identity() == CallerIdentity.HEADERS) {
            UpstreamHeaders.addIdentity(Identity.of(exchange), to);
        }
        SessionUser.of(exchange).ifPresent(session -> to.set(UpstreamHeaders.USER, session.user()));
    }

    /** Writes how the message ends and what is expected of the answer. */
    void writeFraming(HttpHeaders to) {
        if (body.isMissed()) {
            to.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        } else if (body.exists() && !to.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            to.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!expectsContinue()) {
            to.remove(HttpHeaderNames.EXPECT);
        }
        if (takesTrailers()) {
            to.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
            to.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
    }
}
