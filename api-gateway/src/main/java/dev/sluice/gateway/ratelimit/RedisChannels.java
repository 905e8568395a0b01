package dev.sluice.gateway.ratelimit;

import dev.sluice.cache.engine.SteadyReads;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** The open connections of a Redis client, as the threads that read them see them. Thread-safe. */
final class RedisChannels implements NettyCustomizer {

    private final SteadyReads reads = new SteadyReads();
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    @Override
    public void afterChannelInitialized(Channel channel) {
        reads.afterChannelInitialized(channel);
        open.add(channel);
        ChannelFuture _ = channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** Completes once everything that has arrived by now was read, on the thread that did it. */
    Mono<Void> caughtUp() {
        List<Mono<Void>> turns = open.stream().map(RedisChannels::nextTurn).toList();
        return Mono.when(turns);
    }

    /**
     * A timer that is set in the event loop and due at once: netty looks for what is due when it has read its sockets, and runs
     * what is set meanwhile in its next turn. A task, and a timer that is set from outside, run in the turn that goes on.
     */
    private static Mono<Void> nextTurn(Channel channel) {
        EventLoop loop = channel.eventLoop();
        return Mono.<Void>create(sink -> loop.execute(() -> {
                    ScheduledFuture<?> _ = loop.schedule(() -> sink.success(), 1, TimeUnit.NANOSECONDS);
                }))
                // An event loop that ends reads nothing any more.
                .onErrorComplete();
    }
}
