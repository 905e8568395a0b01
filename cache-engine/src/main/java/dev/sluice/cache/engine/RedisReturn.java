package dev.sluice.cache.engine;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.Disposable;

/**
 * Notices that Redis may be another than it was: a connection that broke was made again, or a cluster has other masters. A
 * replica that took over may lack what was written last, and may do so before any call has failed. Thread-safe.
 */
final class RedisReturn implements RedisConnectionStateListener {

    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();

    /** Weak: the driver looks for new masters over connections that it makes and ends each time. */
    private final Set<RedisChannelHandler<?, ?>> broken =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Only drivers of Lettuce say when they are connected. */
    void watch(ReactiveRedisConnectionFactory connections) {
        if (connections instanceof LettuceConnectionFactory lettuce) {
            AbstractRedisClient client = lettuce.getRequiredNativeClient();
            client.addListener(this);
            Disposable _ = client.getResources()
                    .eventBus()
                    .get()
                    .ofType(ClusterTopologyChangedEvent.class)
                    .subscribe(changed -> run());
        }
    }

    Disposable then(Runnable task) {
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        broken.add(connection);
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
        if (broken.remove(connection)) {
            run();
        }
    }

    private void run() {
        tasks.forEach(Runnable::run);
    }
}
