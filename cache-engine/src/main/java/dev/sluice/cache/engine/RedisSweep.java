package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryCodec.Head;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ScanOptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Carries out in Redis what purges have said: goes once through all names with SCAN, a few at a time with a rest behind
 * them, unlinks what is gone and shortens the life of what is stale; never reads more of an entry than its head.
 * One pass serves all purges from before it; each of them may be forgotten afterwards. Any node may sweep, several at a
 * time only waste work. On a Redis Cluster a pass goes twice through all masters: an entry that is moved with its slot from one that
 * is still to come to one that is done is there the second time.
 */
public final class RedisSweep implements AutoCloseable {

    /** One SCAN of as many names holds Redis up for some 20 µs. */
    static final int PAGE = 100;

    /** After each page, besides the rests of {@link SweepPace}: pages may hold nothing that is meant. */
    static final Duration PAUSE = Duration.ofMillis(1);

    /** After this nothing that was begun before a purge can come in: no lease is used for longer, no fetch takes as long. */
    private static final Duration GRACE = Lease.MAX_LIFE.multipliedBy(2);

    private static final Duration PAGE_DEADLINE = Duration.ofSeconds(10);

    private static final ByteBuffer STATE = RedisArguments.text("sluice:cache:sweep");

    private final SweepScript sweepScript = new SweepScript();
    private final EntryScript softenScript = EntryScript.entry("soften.lua");
    private final RedisLink redis;
    private final RedisEpochs epochs;
    private final CallGuard guard;
    private final Scheduler scheduler;

    /** As {@link RedisSecondLevel}; the clock only tells when to try again after an outage. */
    public RedisSweep(ReactiveRedisConnectionFactory connections, CacheSettings settings, InstantSource clock) {
        this(connections, settings, clock, Schedulers.parallel());
    }

    RedisSweep(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler) {
        this.redis = new RedisLink(connections);
        this.scheduler = scheduler;
        this.epochs = new RedisEpochs(redis);
        this.guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /** How far a purge has come. */
    public enum Stage {
        /** The names are being gone through for earlier purges. */
        WAITING,
        SWEEPING,
        DONE
    }

    /**
     * The work of one purge. What it covers is not served from the moment it was answered, whatever the stage.
     *
     * @param scanned of the names in Redis, in this pass
     * @param expected about how many names there are
     * @param swept entries that were removed or made stale
     */
    public record Progress(Stage stage, long scanned, long expected, long swept) {}

    /**
     * Empty when the tenant has made no such purge in the last day. Fails with {@link SecondLevelUnavailableException}.
     */
    public Mono<Progress> progress(String tenant, long number) {
        return guard.guarded(() -> redis.ask(connection -> Mono.zip(
                        connection.stringCommands().get(RedisArguments.swept(tenant, number)), state(connection))
                .map(answer -> answer.getT2().of(number, numberOf(answer.getT1())))));
    }

    /** All epochs in Redis. */
    public Mono<List<Epoch>> pending() {
        return epochs.tenants()
                .concatMap(epochs::all)
                .flatMapIterable(SecondLevel.Purges::epochs)
                .collectList();
    }

    /**
     * Goes through all names if one of the epochs asks for that.
     *
     * @param known to be carried out
     * @param whilePaused done after each page
     * @return how many entries were removed or made stale; empty when there was nothing to do
     */
    public Mono<Long> pass(List<Epoch> known, Mono<?> whilePaused) {
        return redis.ask(connection -> Mono.zip(now(connection), state(connection))
                .flatMap(answer -> {
                    long now = answer.getT1();
                    List<Epoch> due = known.stream()
                            .filter(epoch -> epoch.number() > answer.getT2().done() && epoch.number() <= now)
                            .toList();
                    return due.isEmpty() ? Mono.empty() : pass(connection, now, due, whilePaused);
                }));
    }

    /** Drops of these the ones that need not be known any more, and tells which. */
    public Flux<Epoch> retire(List<Epoch> known) {
        return redis.ask(connection -> Mono.zip(now(connection), state(connection)))
                .flatMapIterable(answer -> known.stream()
                        .filter(epoch -> epoch.number() <= answer.getT2().done())
                        .filter(epoch -> epoch.number() < answer.getT1() - GRACE.toNanos() / 1000)
                        .toList())
                .concatMap(epoch -> epochs.retire(epoch).filter(gone -> gone).map(ignored -> epoch));
    }

    /** Tenants without epochs are looked after no more. */
    public Mono<Void> forgetIdle() {
        return epochs.tenants()
                .filterWhen(tenant ->
                        epochs.all(tenant).map(purges -> purges.epochs().isEmpty()))
                .concatMap(epochs::forget)
                .then();
    }

    private Mono<Long> pass(ReactiveRedisConnection connection, long began, List<Epoch> due, Mono<?> whilePaused) {
        Epochs matcher = new Epochs();
        due.forEach(matcher::add);
        Counts counts = new Counts();
        return connection
                .serverCommands()
                .dbSize()
                .flatMap(expected -> tell(connection, Map.of("began", began, "scanned", 0L, "expected", expected)))
                .thenMany(connection
                        .keyCommands()
                        .scan(ScanOptions.scanOptions().count(PAGE).build())
                        .repeat(redis.names().clustered() ? 1 : 0))
                .buffer(PAGE)
                .concatMap(
                        page -> page(connection, matcher, page, counts)
                                .timeout(PAGE_DEADLINE, scheduler)
                                .then(whilePaused)
                                .then(Mono.delay(PAUSE, scheduler)),
                        1)
                .then(Mono.defer(() -> tell(connection, Map.of("done", began))))
                .then(Mono.fromSupplier(() -> counts.swept));
    }

    private Mono<Void> page(ReactiveRedisConnection connection, Epochs matcher, List<ByteBuffer> names, Counts counts) {
        Map<Epoch, Long> swept = new HashMap<>();
        Iterator<CacheKey> keys = names.stream()
                .flatMap(name -> redis.names().entryOf(text(name)).stream())
                .filter(matcher::reach)
                .iterator();
        return Mono.defer(() -> bite(connection, matcher, keys, counts.pace)
                        .doOnNext(epoch -> swept.merge(epoch, 1L, Long::sum))
                        .then())
                .repeat(keys::hasNext)
                .then(Mono.defer(() -> {
                    counts.scanned += names.size();
                    counts.swept +=
                            swept.values().stream().mapToLong(count -> count).sum();
                    return Flux.fromIterable(swept.entrySet())
                            .concatMap(entry -> count(connection, entry.getKey(), entry.getValue()))
                            .then(tell(connection, Map.of("scanned", counts.scanned)));
                }))
                .then();
    }

    /** Some entries at once, so that they share a round trip, and then a rest. */
    private Flux<Epoch> bite(
            ReactiveRedisConnection connection, Epochs matcher, Iterator<CacheKey> keys, SweepPace pace) {
        List<CacheKey> bite = new ArrayList<>();
        while (bite.size() < pace.bite() && keys.hasNext()) {
            bite.add(keys.next());
        }
        if (bite.isEmpty()) {
            return Flux.empty();
        }
        long start = System.nanoTime();
        return carryOut(connection, matcher, bite)
                .concatWith(Mono.defer(() -> Mono.delay(
                                pace.restAfter(Duration.ofNanos(System.nanoTime() - start)), scheduler)
                        .then(Mono.empty())));
    }

    /**
     * Answers with the epochs that were carried out on the entries. What a name alone says is done for all at once: whatever
     * tags and version an entry has, the script sees when it was begun.
     */
    private Flux<Epoch> carryOut(ReactiveRedisConnection connection, Epochs matcher, List<CacheKey> bite) {
        Map<CacheKey, Long> byName = new LinkedHashMap<>();
        for (CacheKey key : bite) {
            long newest = matcher.newest(key, List.of(), false);
            if (newest > 0) {
                byName.put(key, newest);
            }
        }
        return sweepScript
                .runAll(redis, byName)
                .flatMapMany(done -> Flux.fromIterable(bite)
                        .flatMap(
                                key -> done.contains(key)
                                        ? Mono.just(epoch(key, false, byName.getOrDefault(key, 0L)))
                                        : carryOutByHead(connection, matcher, key),
                                bite.size()));
    }

    /** Answers with the epoch that was carried out on the entry, if one was. */
    private Mono<Epoch> carryOutByHead(ReactiveRedisConnection connection, Epochs matcher, CacheKey key) {
        return connection
                .stringCommands()
                .getRange(redis.names().entry(key), 0, EntryCodec.HEAD_BYTES - 1L)
                .flatMap(bytes -> Mono.justOrEmpty(head(bytes)))
                .flatMap(head -> {
                    long hard = matcher.newest(key, head.tags(), false);
                    long soft = matcher.newest(key, head.tags(), true);
                    if (head.start() < hard) {
                        return unlink(key, head.version(), hard)
                                .filter(done -> done)
                                .map(done -> epoch(key, false, hard));
                    }
                    return head.start() < soft
                            ? soften(key, head, soft).filter(done -> done).map(done -> epoch(key, true, soft))
                            : Mono.empty();
                });
    }

    /** Version 0 for any that was begun before the epoch. */
    private Mono<Boolean> unlink(CacheKey key, long version, long epoch) {
        return sweepScript.run(redis, key, version, epoch);
    }

    private Mono<Boolean> soften(CacheKey key, Head head, long epoch) {
        Lifetime cut = head.lifetime().cutTo(Duration.of(Math.max(0, epoch - head.version()), ChronoUnit.MICROS));
        if (cut.equals(head.lifetime())) {
            return Mono.just(false);
        }
        return redis.run(
                        softenScript,
                        redis.names().entry(key),
                        RedisArguments.number(head.version()),
                        RedisArguments.number(cut.fresh().toMillis()),
                        RedisArguments.number(cut.whole().toMillis()))
                .map(answer -> answer.state() == 1);
    }

    /** Only its number matters here. */
    private static Epoch epoch(CacheKey key, boolean soft, long number) {
        return new Epoch(key.tenant(), key.namespace(), PurgeScope.wholeNamespace(), soft, number);
    }

    private static Mono<Long> count(ReactiveRedisConnection connection, Epoch epoch, long swept) {
        ByteBuffer name = RedisArguments.swept(epoch.tenant(), epoch.number());
        return connection
                .keyCommands()
                .exists(name.duplicate())
                .filter(exists -> exists)
                .flatMap(exists -> connection.numberCommands().incrBy(name, swept));
    }

    private static Mono<Boolean> tell(ReactiveRedisConnection connection, Map<String, Long> fields) {
        Map<ByteBuffer, ByteBuffer> bytes = new HashMap<>();
        fields.forEach((field, number) -> bytes.put(RedisArguments.text(field), RedisArguments.number(number)));
        return connection.hashCommands().hMSet(STATE.duplicate(), bytes);
    }

    private static Mono<Long> now(ReactiveRedisConnection connection) {
        return connection.serverCommands().time(TimeUnit.MICROSECONDS);
    }

    private static Mono<State> state(ReactiveRedisConnection connection) {
        return connection
                .hashCommands()
                .hGetAll(STATE.duplicate())
                .collectMap(field -> text(field.getKey()), field -> numberOf(field.getValue()))
                .map(fields -> new State(
                        fields.getOrDefault("began", 0L),
                        fields.getOrDefault("scanned", 0L),
                        fields.getOrDefault("expected", 0L),
                        fields.getOrDefault("done", 0L)));
    }

    private static Optional<Head> head(ByteBuffer bytes) {
        try {
            return bytes.hasRemaining() ? EntryCodec.decodeHead(bytes) : Optional.empty();
        } catch (UnreadableEntryException e) {
            // A miss for every reader, and in nobody's way.
            return Optional.empty();
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static long numberOf(ByteBuffer bytes) {
        return Long.parseLong(text(bytes));
    }

    /** What a pass has done so far; pages come one after the other. */
    private static final class Counts {
        private final SweepPace pace = new SweepPace();
        private long scanned;
        private long swept;
    }

    /**
     * The pass under way or the last one.
     *
     * @param began all purges up to this number are carried out by it
     * @param done all purges up to this number are carried out
     */
    private record State(long began, long scanned, long expected, long done) {

        Progress of(long number, long swept) {
            if (number <= done) {
                return new Progress(Stage.DONE, expected, expected, swept);
            }
            return number <= began
                    ? new Progress(Stage.SWEEPING, scanned, Math.max(scanned, expected), swept)
                    : new Progress(Stage.WAITING, 0, expected, swept);
        }
    }
}
