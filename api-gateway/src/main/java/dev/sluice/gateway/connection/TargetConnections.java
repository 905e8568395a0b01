package dev.sluice.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The connections to one target. Each belongs to the event loop of the callers that use it, so that no thread has to wake
 * another for a request; all loops together have as many as is allowed, and one that needs a connection gets the place of
 * one that another loop can spare. Thread-safe.
 */
public final class TargetConnections implements Disposable {

    private final ConnectionTerms terms;
    private final ClientTransport transport;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final Map<EventLoop, LoopConnections> byLoop = new ConcurrentHashMap<>();
    /** The same, in the order in which they came. */
    private final List<LoopConnections> loops = new CopyOnWriteArrayList<>();

    private volatile boolean disposed;

    public TargetConnections(ConnectionTerms terms, ClientTransport transport) {
        this.terms = terms;
        this.transport = transport;
    }

    /**
     * One exchange over a connection of the caller's event loop, on which it is to be subscribed to. Fails with what went
     * wrong with the connection: {@link java.util.concurrent.RejectedExecutionException} when too many wait for one, {@link
     * java.util.concurrent.TimeoutException} when it waited too long, an {@link java.io.IOException} when there is none or it
     * ended too early, {@link io.netty.handler.codec.DecoderException} or {@link IllegalArgumentException} when the answer
     * is none.
     */
    public Mono<Void> call(Channel caller, Exchange exchange) {
        return new UpstreamCall(of(caller), exchange);
    }

    /** Closes what nobody uses now, and what is used after its request. */
    @Override
    public void dispose() {
        disposed = true;
        loops.forEach(LoopConnections::dispose);
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    ConnectionTerms terms() {
        return terms;
    }

    /** Takes a place for a connection; {@link #closed} gives it back. */
    boolean tryOpen() {
        return tryTake(open, terms.maxConnections());
    }

    void closed() {
        open.decrementAndGet();
        feed();
    }

    boolean tryWait() {
        return tryTake(waiting, terms.maxWaiting());
    }

    void waited() {
        waiting.decrementAndGet();
    }

    /** Somebody began to wait on a loop: a place that becomes free is for them, and idle connections elsewhere make one. */
    void hunger() {
        loops.forEach(LoopConnections::spareOne);
        feed();
    }

    /** Whether a loop other than this one waits for connections. */
    boolean isAnybodyHungryBut(LoopConnections loop) {
        return waiting.get() > 0 && loops.stream().anyMatch(other -> other != loop && other.isHungry());
    }

    /** Whether a loop other than this one waits for connections and has none at all. */
    boolean isAnybodyStarvingBut(LoopConnections loop) {
        return waiting.get() > 0 && loops.stream().anyMatch(other -> other != loop && other.isStarving());
    }

    /**
     * Gives places that are free to loops that wait, one to each, in turns. Called after every change of either, so that
     * whoever comes second sees both.
     */
    void feed() {
        if (waiting.get() == 0) {
            return;
        }
        int size = loops.size();
        int turn = Math.floorMod(turns.getAndIncrement(), Math.max(1, size));
        for (int i = 0; i < size; i++) {
            LoopConnections loop = loops.get((turn + i) % size);
            if (loop.isHungry() && tryOpen()) {
                loop.feed();
            }
        }
    }

    private LoopConnections of(Channel caller) {
        EventLoop loop = caller.eventLoop();
        LoopConnections known = byLoop.get(loop);
        return known == null ? byLoop.computeIfAbsent(loop, unseen -> begin(caller)) : known;
    }

    private LoopConnections begin(Channel caller) {
        LoopConnections begun = new LoopConnections(this, caller);
        loops.add(begun);
        return begun;
    }

    private static boolean tryTake(AtomicInteger count, int most) {
        int now = count.get();
        while (now < most) {
            if (count.compareAndSet(now, now + 1)) {
                return true;
            }
            now = count.get();
        }
        return false;
    }

    ClientTransport transport() {
        return transport;
    }

    /** A channel of TCP of the same kind as the caller's: what fits its event loop. */
    static Class<? extends Channel> kindOf(Channel caller) {
        Channel parent = caller.parent();
        if (parent == null || parent instanceof ServerChannel) {
            return caller.getClass();
        }
        return parent.getClass();
    }
}
