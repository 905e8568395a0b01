package dev.sluice.webhook.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Takes the times of one request. Of a connection it learns only when that is opened for this request: the client hands the request's
 * context on to the connection that it opens for it, and to no other. The client itself is the same for all requests, since connections
 * are shared by those that have equal clients. Each mark is set by the connection's thread.
 */
final class Stopwatch {

    private static final AttributeKey<Stopwatch> OPENED_FOR = AttributeKey.valueOf(Stopwatch.class, "openedFor");
    private static final long UNSET = -1;

    private final long startNanos = System.nanoTime();
    private volatile long opened = UNSET;
    private volatile long resolved = UNSET;
    private volatile long connected = UNSET;
    private volatile long secured = UNSET;
    private volatile long begun = UNSET;
    private volatile long answered = UNSET;
    private volatile @Nullable Protocol spoken;

    /** The client, telling the watch of each request of what that comes to. */
    static HttpClient watched(HttpClient client) {
        return client.doOnChannelInit((observer, channel, remote) ->
                        of(observer.currentContext()).ifPresent(watch -> watch.follow(channel)))
                .doAfterResolve((connection, address) -> Optional.ofNullable(
                                connection.channel().attr(OPENED_FOR).get())
                        .ifPresent(Stopwatch::resolved))
                .doOnRequest((request, connection) ->
                        of(request.currentContextView()).ifPresent(watch -> watch.begun(connection.channel())))
                .doOnResponse((response, connection) ->
                        of(response.currentContextView()).ifPresent(Stopwatch::answered));
    }

    /** Where the client finds this watch. */
    Context in(Context context) {
        return context.put(Stopwatch.class, this);
    }

    private static Optional<Stopwatch> of(ContextView context) {
        return context.getOrEmpty(Stopwatch.class);
    }

    /** Of several addresses that are tried one after the other each has a channel; the one that was connected counts. */
    private void follow(Channel channel) {
        if (opened == UNSET) {
            opened = elapsed();
        }
        channel.attr(OPENED_FOR).set(this);
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                connected = elapsed();
                // It stays in the pool for longer than this request.
                channel.attr(OPENED_FOR).set(null);
                context.pipeline().remove(this);
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

    private void resolved() {
        resolved = elapsed();
    }

    private void begun(Channel channel) {
        begun = elapsed();
        spoken = channel instanceof Http2StreamChannel ? Protocol.HTTP_2 : Protocol.HTTP_1_1;
    }

    private void answered() {
        answered = elapsed();
    }

    /** The request is begun anew; what was before counts in the total alone. */
    void again() {
        opened = UNSET;
        resolved = UNSET;
        connected = UNSET;
        secured = UNSET;
        begun = UNSET;
        answered = UNSET;
    }

    /** What the request was begun in. */
    Optional<Protocol> protocol() {
        return Optional.ofNullable(spoken);
    }

    /** The times up to now. */
    Timings timings() {
        return new Timings(
                between(opened, resolved),
                between(Math.max(opened, resolved), connected),
                between(connected, secured),
                between(begun, answered),
                Duration.ofNanos(elapsed()));
    }

    private long elapsed() {
        return System.nanoTime() - startNanos;
    }

    private static Optional<Duration> between(long from, long to) {
        return from == UNSET || to == UNSET ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, to - from)));
    }
}
