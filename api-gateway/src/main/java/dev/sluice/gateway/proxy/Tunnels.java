package dev.sluice.gateway.proxy;

import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells the open WebSockets that the gateway shuts down, before the server waits for the requests under way: a WebSocket
 * ends by itself only when a side wants it to.
 */
final class Tunnels implements SmartLifecycle {

    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final int maxFrameBytes;
    private volatile boolean running;

    Tunnels(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** Completes when all are to close. */
    Mono<Void> closing() {
        return closing.asMono();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        closing.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First of all to be stopped. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
