package dev.sluice.platform.web;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.http.server.HttpServer;

/** Limits on time and size below WebFlux, where a slow or oversized request does not get as far as a filter. */
final class ServerSettings implements NettyServerCustomizer {

    private final WebProperties properties;
    private final UnreadableRequests unreadable;

    ServerSettings(WebProperties properties) {
        this.properties = properties;
        this.unreadable = new UnreadableRequests(properties.maxRequestLine(), properties.maxHeaders());
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.doOnChannelInit((observer, channel, address) -> {
                    FoldedLines.refuse(channel);
                    BrokenRequests.watch(channel);
                    UnreadableRequests.explain(channel, unreadable);
                    LingeringClose.on(channel);
                    SlowClients.watch(
                            channel,
                            new SlowClients(
                                    properties.idleTimeout(), properties.readTimeout(), properties.requestTimeout()));
                })
                .httpRequestDecoder(decoder -> decoder.maxInitialLineLength(
                                Math.toIntExact(properties.maxRequestLine().toBytes()))
                        .maxHeaderSize(Math.toIntExact(properties.maxHeaders().toBytes())));
    }
}
