package dev.sluice.webhook.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Optional;
import reactor.netty.http.client.HttpClient;

/** Takes the times of one request over a connection of its own. Each mark is set once, by the connection's thread. */
final class Stopwatch {

    private static final long UNSET = -1;

    private final long startNanos = System.nanoTime();
    private volatile long resolved = UNSET;
    private volatile long connected = UNSET;
    private volatile long secured = UNSET;
    private volatile long answered = UNSET;

    /** The client, telling this of what it comes to. */
    HttpClient watching(HttpClient client) {
        return client.doAfterResolve((connection, address) -> resolved = elapsed())
                .doOnChannelInit((observer, channel, remote) -> watch(channel))
                .doOnResponse((response, connection) -> answered = elapsed());
    }

    private void watch(Channel channel) {
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                connected = elapsed();
                context.fireChannelActive();
            }
        });
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.handshakeFuture().addListener(handshake -> {
                if (handshake.isSuccess()) {
                    secured = elapsed();
                }
            });
        }
    }

    /** The times up to now. */
    Timings timings() {
        long open = secured == UNSET ? connected : secured;
        return new Timings(
                between(0, resolved),
                between(Math.max(resolved, 0), connected),
                between(connected, secured),
                between(open, answered),
                Duration.ofNanos(elapsed()));
    }

    private long elapsed() {
        return System.nanoTime() - startNanos;
    }

    private static Optional<Duration> between(long from, long to) {
        return from == UNSET || to == UNSET ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, to - from)));
    }
}
