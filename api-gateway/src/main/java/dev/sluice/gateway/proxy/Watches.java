package dev.sluice.gateway.proxy;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who looks at the timeouts of each event loop's requests. Thread-safe. */
final class Watches {

    private final Map<EventLoop, LoopWatches> byLoop = new ConcurrentHashMap<>();

    LoopWatches of(EventLoop loop) {
        LoopWatches known = byLoop.get(loop);
        return known == null ? byLoop.computeIfAbsent(loop, LoopWatches::new) : known;
    }
}
