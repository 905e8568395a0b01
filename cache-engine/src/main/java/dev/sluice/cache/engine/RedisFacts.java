package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.springframework.data.redis.connection.ReactiveRedisClusterConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisClusterNode;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the Redis behind a cache says of itself. Asked at most once a second, whoever and however many want to know. */
public final class RedisFacts implements AutoCloseable {

    static final Duration LIFE = Duration.ofSeconds(1);

    private final CallGuard guard;
    private final Mono<List<RedisServer>> facts;

    /** As {@link RedisSecondLevel}; the clock only tells when to try again after an outage. */
    public RedisFacts(ReactiveRedisConnectionFactory connections, CacheSettings settings, InstantSource clock) {
        this(connections, settings, clock, Schedulers.parallel());
    }

    RedisFacts(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler) {
        RedisLink redis = new RedisLink(connections);
        guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
        Duration patience = settings.secondLevelDeadline().dividedBy(2);
        facts = shared(guard.guarded(() -> redis.ask(connection -> ask(connection, patience, scheduler))), scheduler);
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /** Errors are kept as long as answers: a Redis that is away is not asked by each who wants to know either. */
    static <T> Mono<T> shared(Mono<T> question, Scheduler scheduler) {
        return question.cache(ignored -> LIFE, ignored -> LIFE, () -> LIFE, scheduler);
    }

    /**
     * Each server of a cluster, of which some may not answer; otherwise the one that is asked, which with Sentinel is the
     * master. Fails with {@link SecondLevelUnavailableException} within the deadline of the second level.
     */
    public Mono<List<RedisServer>> servers() {
        return facts;
    }

    private static Mono<List<RedisServer>> ask(
            ReactiveRedisConnection connection, Duration patience, Scheduler scheduler) {
        if (connection instanceof ReactiveRedisClusterConnection cluster) {
            return cluster.clusterGetNodes()
                    .flatMap(node -> ofNode(cluster, node, patience, scheduler))
                    .sort(Comparator.comparing(RedisServer::address))
                    .collectList();
        }
        return connection.serverCommands().info().map(info -> List.of(of("", info)));
    }

    private static Mono<RedisServer> ofNode(
            ReactiveRedisClusterConnection cluster, RedisClusterNode node, Duration patience, Scheduler scheduler) {
        String address = node.getHost() + ':' + node.getPort();
        return Mono.defer(() -> cluster.serverCommands().info(node))
                .timeout(patience, scheduler)
                .map(info -> of(address, info))
                .onErrorResume(
                        error -> error instanceof TimeoutException || error instanceof RuntimeException,
                        away -> Mono.just(RedisServer.silent(address)));
    }

    private static RedisServer of(String address, Properties info) {
        TreeMap<String, String> facts = new TreeMap<>();
        info.stringPropertyNames().forEach(name -> facts.put(name, info.getProperty(name)));
        return new RedisServer(address, true, facts);
    }
}
