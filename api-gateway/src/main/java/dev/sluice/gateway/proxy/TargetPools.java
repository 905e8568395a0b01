package dev.sluice.gateway.proxy;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * The connections to one target, in a pool for each event loop: where a request and its connection are on the same loop,
 * no thread has to wake another. Together the pools hold as many as the route allows; who finds the pool of its loop in
 * full use takes from another. Thread-safe.
 */
final class TargetPools implements Disposable {

    /** Fewer for each loop are not worth dividing. */
    private static final int LEAST_PART = 4;

    /** The connections of some event loops, and how many requests use them. */
    static final class Pool {

        private final int size;
        private final ConnectionProvider connections;
        private final HttpClient client;
        private final AtomicInteger users = new AtomicInteger();

        private Pool(int size, ConnectionProvider connections, HttpClient client) {
            this.size = size;
            this.connections = connections;
            this.client = client;
        }

        HttpClient client() {
            return client;
        }

        void giveBack() {
            users.decrementAndGet();
        }

        private boolean hasRoom() {
            return users.get() < size;
        }
    }

    /** How connections and clients are made. */
    interface Maker {
        ConnectionProvider connections(int size, int pools);

        HttpClient client(ConnectionProvider connections);
    }

    private final List<Pool> pools;
    private final Map<EventLoop, Pool> byLoop = new ConcurrentHashMap<>();
    private final AtomicInteger loops = new AtomicInteger();

    TargetPools(int maxConnections, Maker maker) {
        this(maxConnections, LoopResources.DEFAULT_IO_WORKER_COUNT, maker);
    }

    TargetPools(int maxConnections, int loops, Maker maker) {
        int count = maxConnections / loops < LEAST_PART ? 1 : loops;
        List<Pool> made = new ArrayList<>(count);
        IntFunction<Pool> make = size -> {
            ConnectionProvider connections = maker.connections(size, count);
            return new Pool(size, connections, maker.client(connections));
        };
        for (int i = 0; i < count; i++) {
            made.add(make.apply(maxConnections / count + (i < maxConnections % count ? 1 : 0)));
        }
        pools = List.copyOf(made);
    }

    /** A pool for one request that is on this loop; it is to be given back. */
    Pool take(EventLoop loop) {
        Pool pool = choose(loop);
        pool.users.incrementAndGet();
        return pool;
    }

    private Pool choose(EventLoop loop) {
        if (pools.size() == 1) {
            return pools.getFirst();
        }
        Pool own = byLoop.get(loop);
        if (own == null) {
            own = byLoop.computeIfAbsent(loop, unseen -> pools.get(loops.getAndIncrement() % pools.size()));
        }
        if (own.hasRoom()) {
            return own;
        }
        for (Pool other : pools) {
            if (other.hasRoom()) {
                return other;
            }
        }
        return own;
    }

    @Override
    public void dispose() {
        pools.forEach(pool -> pool.connections.dispose());
    }
}
