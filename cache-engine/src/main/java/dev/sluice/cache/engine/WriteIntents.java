package dev.sluice.cache.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Changes that Redis has made and of which nobody has said yet that all nodes were told. The script that makes a change
 * notes it here in the same step, so that any node can tell the others when the one that asked has died in between, or
 * never learnt that its change was made. Times are those of Redis.
 */
public final class WriteIntents implements AutoCloseable {

    /** A sorted set, on a Redis Cluster several ({@link RedisNames}): member "version:tenant:namespace:key", score the time in microseconds. */
    static final String KEY = "sluice:cache:intents";

    private static final Logger log = LoggerFactory.getLogger(WriteIntents.class);

    /** More are said in another call: Redis does nothing else meanwhile. */
    static final int MOST_TOGETHER = 500;

    private final RedisLink redis;
    private final CallGuard guard;

    /** Fulfilled, and not said to Redis yet. */
    private final Queue<Intent> unsaid = new ConcurrentLinkedQueue<>();

    /** How many those are; who makes them the first one says it. */
    private final AtomicInteger unsaidCount = new AtomicInteger();

    /** As {@link RedisSecondLevel}; the clock only tells when to try again after an outage. */
    public WriteIntents(ReactiveRedisConnectionFactory connections, CacheSettings settings, InstantSource clock) {
        this(connections, settings, clock, Schedulers.parallel());
    }

    WriteIntents(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler) {
        this.redis = new RedisLink(connections);
        this.guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /** A change that other nodes may not know of. */
    public record Intent(CacheKey key, long version) {

        ByteBuffer member() {
            return RedisArguments.text(version + ":" + RedisNames.plain(key));
        }

        /** Empty for what no script has written. */
        static Optional<Intent> parse(String member) {
            String[] parts = member.split(":", 4);
            try {
                return Optional.of(new Intent(new CacheKey(parts[1], parts[2], parts[3]), Long.parseLong(parts[0])));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                log.warn("a write intent in Redis is unreadable and left where it is: {}", e.getMessage());
                return Optional.empty();
            }
        }
    }

    /** All nodes were told, or will be: the log has it. Answers whether it was still noted. */
    public Mono<Boolean> fulfilled(Intent intent) {
        return guard.guarded(() -> redis.ask(connection -> connection
                .zSetCommands()
                .zRem(redis.names().intents(intent.key()), intent.member())
                .map(removed -> removed > 0)));
    }

    /**
     * As {@link #fulfilled}, for who need not hear of it: what comes while another call is on its way is said together in the next one. What
     * cannot be said is {@link #overdue} some time.
     */
    public void fulfil(Intent intent) {
        unsaid.add(intent);
        if (unsaidCount.getAndIncrement() == 0) {
            sayNext();
        }
    }

    private void sayNext() {
        List<Intent> next = new ArrayList<>();
        for (Intent each = unsaid.poll(); each != null; each = next.size() < MOST_TOGETHER ? unsaid.poll() : null) {
            next.add(each);
        }
        Disposable _ = guard.guarded(() -> redis.ask(connection -> removed(connection, next)))
                .subscribe(ignored -> {}, ignored -> said(next.size()), () -> said(next.size()));
    }

    private void said(int count) {
        if (unsaidCount.addAndGet(-count) > 0) {
            sayNext();
        }
    }

    private Mono<Void> removed(ReactiveRedisConnection connection, List<Intent> fulfilled) {
        Map<ByteBuffer, List<ByteBuffer>> bySet = fulfilled.stream()
                .collect(Collectors.groupingBy(
                        intent -> redis.names().intents(intent.key()),
                        Collectors.mapping(Intent::member, Collectors.toList())));
        return Flux.fromIterable(bySet.entrySet())
                .flatMap(set -> connection.zSetCommands().zRem(set.getKey(), set.getValue()))
                .then();
    }

    /** The oldest changes that were made longer ago than this and are not fulfilled. */
    public Mono<List<Intent>> overdue(Duration age, int max) {
        return guard.guarded(() -> redis.ask(connection -> overdue(connection, age, max)));
    }

    private Mono<List<Intent>> overdue(ReactiveRedisConnection connection, Duration age, int max) {
        long micros = age.toNanos() / 1000;
        return connection
                .serverCommands()
                .time(TimeUnit.MICROSECONDS)
                .flatMapMany(now -> Flux.fromStream(redis.names().intents())
                        .flatMap(set -> Flux.merge(
                                noted(connection, set, upTo(now - micros), max),
                                noted(connection, set, behind(now + Math.abs(micros)), max))))
                .map(member -> StandardCharsets.UTF_8.decode(member).toString())
                .concatMap(member -> Mono.justOrEmpty(Intent.parse(member)))
                .sort(Comparator.comparingLong(Intent::version))
                .take(max)
                .collectList();
    }

    private static Flux<ByteBuffer> noted(
            ReactiveRedisConnection connection, ByteBuffer set, Range<Double> times, int max) {
        return connection
                .zSetCommands()
                .zRangeByScore(set.duplicate(), times, Limit.limit().count(max));
    }

    private static Range<Double> upTo(long micros) {
        return Range.of(Range.Bound.unbounded(), Range.Bound.inclusive((double) micros));
    }

    /** What was noted so late was noted before the clock went back, and would not be overdue until it has caught up. */
    private static Range<Double> behind(long micros) {
        return Range.of(Range.Bound.exclusive((double) micros), Range.Bound.unbounded());
    }
}
