package dev.sluice.cache.engine;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.models.role.RedisInstance.Role;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets Redis itself tell a cache what is changed there, also behind the back of all nodes: by hand, by expiry and
 * eviction, by a node that died before it could tell the others. It comes beside the log and takes nothing from it:
 * while no connection listens, the log is what nodes hear, and each new connection begins with an empty first level. One
 * connection for each master, of its own. Nothing blocks a caller, nothing is queued.
 */
public final class RedisTracking implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisTracking.class);

    /** How often it is looked which masters there are. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final String ONLY = "the only one";

    private final LettuceConnectionFactory connections;
    private final RedisNames names;
    private final TrackingLink.Listener listener;
    private final Scheduler scheduler = Schedulers.parallel();
    private final Map<String, TrackingLink> links = new ConcurrentHashMap<>();
    private final List<Meter> meters;
    private final MeterRegistry registry;
    private final Disposable looks;
    private @Nullable RedisClient single;
    private volatile boolean closed;

    /** Begins at once, and goes on until it is closed. The factory stays the caller's. */
    public RedisTracking(LettuceConnectionFactory connections, TwoLevelCache cache, MeterRegistry registry) {
        this.connections = connections;
        names = new RedisNames(connections.isClusterAware());
        this.registry = registry;
        Counter changes = Counter.builder("sluice.cache.tracking.invalidations")
                .description("Entries of which Redis said that they were changed, be it by this node")
                .register(registry);
        Counter restarts = Counter.builder("sluice.cache.tracking.restarts")
                .description("How often the first level began empty, as Redis was emptied or had not been heard")
                .register(registry);
        Gauge connected = Gauge.builder("sluice.cache.tracking.connected", this, one -> one.isListening() ? 1 : 0)
                .description("1 while every master of Redis tells this node of changes")
                .register(registry);
        meters = List.of(changes, restarts, connected);
        listener = new Told(cache, changes, restarts);
        looks = Flux.interval(Duration.ZERO, LOOK, scheduler)
                .onBackpressureDrop()
                .concatMap(ignored -> look(), 1)
                .subscribe();
    }

    /** Whether every master tells of what is changed there. */
    public boolean isListening() {
        return !links.isEmpty() && links.values().stream().allMatch(link -> link.state() == TrackingLink.State.ARMED);
    }

    @Override
    public void close() {
        looks.dispose();
        synchronized (links) {
            closed = true;
            links.values().forEach(TrackingLink::close);
            links.clear();
            if (single != null) {
                CompletableFuture<Void> _ = single.shutdownAsync();
            }
        }
        meters.forEach(registry::remove);
    }

    private Mono<Void> look() {
        return Mono.<Void>fromRunnable(this::follow)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorResume(error -> {
                    log.debug("The masters of Redis are not known; looking again", error);
                    return Mono.empty();
                });
    }

    private void follow() {
        Map<String, Callable<StatefulRedisConnection<byte[], byte[]>>> masters = masters();
        synchronized (links) {
            if (closed) {
                return;
            }
            links.entrySet().removeIf(link -> {
                boolean gone = !masters.containsKey(link.getKey());
                if (gone) {
                    link.getValue().close();
                }
                return gone;
            });
            masters.forEach((name, connect) ->
                    links.computeIfAbsent(name, ignored -> new TrackingLink(connect, names, listener, scheduler)));
        }
    }

    /** How to connect to each; one alone, or behind sentinels, is found anew at each connect. */
    private Map<String, Callable<StatefulRedisConnection<byte[], byte[]>>> masters() {
        AbstractRedisClient client = connections.getRequiredNativeClient();
        if (client instanceof RedisClusterClient cluster) {
            return cluster.getPartitions().stream()
                    .filter(node ->
                            node.getRole() == Role.UPSTREAM && !node.getSlots().isEmpty())
                    .collect(Collectors.toMap(
                            RedisTracking::address,
                            node -> () -> single(cluster).connect(ByteArrayCodec.INSTANCE, node.getUri())));
        }
        return Map.of(
                ONLY, () -> ((RedisClient) connections.getRequiredNativeClient()).connect(ByteArrayCodec.INSTANCE));
    }

    private static String address(RedisClusterNode node) {
        return node.getNodeId()
                + ' '
                + node.getUri().getHost()
                + ':'
                + node.getUri().getPort();
    }

    /** A client of one node of a cluster, as the one of the cluster is set up. */
    private RedisClient single(RedisClusterClient cluster) {
        synchronized (links) {
            RedisClient client = single;
            if (client == null) {
                client = RedisClient.create(cluster.getResources());
                client.setOptions(ClientOptions.copyOf(cluster.getOptions()));
                single = client;
            }
            return client;
        }
    }

    /** Carries what is heard to the cache. */
    private record Told(TwoLevelCache cache, Counter changes, Counter restarts) implements TrackingLink.Listener {

        @Override
        public void onArmed() {
            restarts.increment();
            cache.doubtAll();
        }

        @Override
        public void onChanged(CacheKey key) {
            changes.increment();
            cache.doubt(key);
        }

        @Override
        public void onEmptied() {
            restarts.increment();
            cache.doubtAll();
        }
    }
}
