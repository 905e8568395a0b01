package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisNames.Ledger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ScanOptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What counts towards quotas, as Redis keeps it: of each tenant that has one a ledger of its entries and their ends, changed in one step
 * with them ({@link RedisSecondLevel#counting}). What Redis removes by itself, or somebody by hand, is found by going through the ledger
 * ({@link #walk}); what is not in it, through Redis ({@link #recount}). Any node may do so, several at a time only waste work.
 */
public final class RedisLedgers implements AutoCloseable {

    private static final Duration PAGE_DEADLINE = Duration.ofSeconds(10);

    /** What one call of a script settles at most. */
    private static final int SETTLED_AT_ONCE = 256;

    private static final ByteBuffer COUNTED = RedisArguments.text("sluice:cache:counted");

    private static final int AT_ONCE = 128;

    private final EntryScript usedScript = EntryScript.ledger("used.lua");
    private final EntryScript settleScript = EntryScript.ledger("settle.lua");
    private final EntryScript walkScript = EntryScript.ledger("walk.lua");
    private final EntryScript foundScript = EntryScript.entryInLedger("found.lua");
    private final RedisLink redis;
    private final CallGuard guard;
    private final InstantSource clock;
    private final Scheduler scheduler;

    /** As {@link RedisSecondLevel}; the clock tells when to try again after an outage, and how old a count is. */
    public RedisLedgers(ReactiveRedisConnectionFactory connections, CacheSettings settings, InstantSource clock) {
        this(connections, settings, clock, Schedulers.parallel());
    }

    RedisLedgers(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler) {
        this.redis = new RedisLink(connections);
        this.clock = clock;
        this.scheduler = scheduler;
        this.guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /**
     * What is used.
     *
     * @param bytes as {@link Quota#maxBytes} counts them
     * @param complete whether all entries were counted at least once; else it may be more
     */
    public record Usage(long entries, long bytes, boolean complete) {

        private Usage plus(Usage other) {
            return new Usage(entries + other.entries, bytes + other.bytes, complete && other.complete);
        }
    }

    /** Fails with {@link SecondLevelUnavailableException}. */
    public Mono<Usage> usage(Scope scope) {
        return guard.guarded(() -> ofEach(scope.tenant(), ledger -> run(usedScript, ledger, scope.suffix()))
                .map(answer -> new Usage(Math.max(0, answer.state()), Math.max(0, answer.number()), answer.flag() > 0))
                .reduce(Usage::plus));
    }

    /** Takes out of a tenant's ledgers what has ended. */
    public Mono<Void> settle(String tenant) {
        return ofEach(tenant, this::settle).then();
    }

    private Mono<Answer> settle(Ledger ledger) {
        return run(settleScript, ledger)
                .repeat()
                .takeUntil(answer -> answer.state() < SETTLED_AT_ONCE)
                .last();
    }

    /** Takes out of a tenant's ledgers what is not in Redis any more; answers how many that were. */
    public Mono<Long> walk(String tenant, Mono<?> whilePaused) {
        SweepPace pace = new SweepPace();
        return Flux.fromIterable(redis.names().ledgers(tenant))
                .concatMap(ledger -> walk(ledger, pace, whilePaused))
                .reduce(0L, Long::sum);
    }

    private Mono<Long> walk(Ledger ledger, SweepPace pace, Mono<?> whilePaused) {
        return page(ledger, 0, pace, whilePaused)
                .expand(answer -> answer.state() == 0 ? Mono.empty() : page(ledger, answer.state(), pace, whilePaused))
                .reduce(0L, (gone, answer) -> gone + answer.number());
    }

    private Mono<Answer> page(Ledger ledger, long cursor, SweepPace pace, Mono<?> whilePaused) {
        return Mono.defer(() -> {
            long start = System.nanoTime();
            return run(walkScript, ledger, Long.toString(cursor))
                    .timeout(PAGE_DEADLINE, scheduler)
                    .flatMap(answer -> answer.state() == 0
                            ? Mono.just(answer)
                            : rest(pace, start).then(whilePaused).thenReturn(answer));
        });
    }

    private Mono<Long> rest(SweepPace pace, long start) {
        return Mono.delay(pace.restAfter(Duration.ofNanos(System.nanoTime() - start)), scheduler);
    }

    /** Those whose entries were never all counted, or for longer than this ago. */
    public Mono<Set<Scope>> uncounted(Collection<Scope> scopes, Duration age) {
        long newest = clock.millis() - age.toMillis();
        return redis.ask(connection -> Flux.fromIterable(scopes)
                .filterWhen(scope -> countedAt(connection, scope).map(at -> at < newest))
                .collect(Collectors.toSet()));
    }

    /** Of the ledger that was counted first. */
    private Mono<Long> countedAt(ReactiveRedisConnection connection, Scope scope) {
        return Flux.fromIterable(redis.names().ledgers(scope.tenant()))
                .flatMap(
                        ledger -> connection
                                .zSetCommands()
                                .zScore(ledger.name(), RedisArguments.text("!" + scope.suffix()))
                                .map(score -> -score.longValue())
                                .defaultIfEmpty(0L),
                        AT_ONCE)
                .reduce(Math::min);
    }

    /**
     * Goes through all names in Redis and enters what is not in its ledger; after that these are counted.
     *
     * @return how many were entered
     */
    public Mono<Long> recount(Quotas quotas, Set<Scope> scopes, Mono<?> whilePaused) {
        long began = clock.millis();
        Set<String> tenants = scopes.stream().map(Scope::tenant).collect(Collectors.toSet());
        SweepPace pace = new SweepPace();
        AtomicLong entered = new AtomicLong();
        return redis.ask(connection -> connection
                .keyCommands()
                .scan(ScanOptions.scanOptions().count(RedisSweep.PAGE).build())
                .repeat(redis.names().clustered() ? 1 : 0)
                .buffer(RedisSweep.PAGE)
                .concatMap(
                        page -> enter(page, quotas, tenants, pace, entered)
                                .timeout(PAGE_DEADLINE, scheduler)
                                .then(whilePaused)
                                .then(Mono.delay(RedisSweep.PAUSE, scheduler)),
                        1)
                .then(mark(connection, scopes, began))
                .then(Mono.fromSupplier(entered::get)));
    }

    private Mono<Void> enter(
            List<ByteBuffer> names, Quotas quotas, Set<String> tenants, SweepPace pace, AtomicLong entered) {
        return Flux.fromIterable(names)
                .concatMap(name -> Mono.justOrEmpty(redis.names()
                        .entryOf(StandardCharsets.UTF_8.decode(name.duplicate()).toString())))
                .filter(key -> tenants.contains(key.tenant()) && quotas.of(key) != null)
                .buffer(SweepPace.MAX_BITE)
                .concatMap(bite -> {
                    long start = System.nanoTime();
                    return Flux.fromIterable(bite)
                            .flatMap(this::enter, bite.size())
                            .doOnNext(answer -> entered.addAndGet(answer.state()))
                            .then(Mono.defer(() -> rest(pace, start)));
                })
                .then();
    }

    private Mono<Answer> enter(CacheKey key) {
        return redis.run(
                foundScript,
                2,
                redis.names().entry(key),
                redis.names().ledger(key).name(),
                RedisArguments.text(RedisNames.withinTenant(key)));
    }

    private Mono<Void> mark(ReactiveRedisConnection connection, Set<Scope> scopes, long at) {
        return Flux.fromIterable(scopes)
                .concatMap(scope -> connection
                        .setCommands()
                        .sAdd(COUNTED.duplicate(), RedisArguments.text(member(scope)))
                        .thenMany(Flux.fromIterable(redis.names().ledgers(scope.tenant())))
                        .flatMap(
                                ledger -> connection
                                        .zSetCommands()
                                        .zAdd(ledger.name(), (double) -at, RedisArguments.text("!" + scope.suffix())),
                                AT_ONCE))
                .then();
    }

    /** What has no quota any more is not counted any more. */
    public Mono<Void> forgetAllBut(Set<Scope> scopes) {
        Set<String> tenants = scopes.stream().map(Scope::tenant).collect(Collectors.toSet());
        return redis.ask(connection -> connection
                .setCommands()
                .sMembers(COUNTED.duplicate())
                .flatMap(member -> Mono.justOrEmpty(
                        scope(StandardCharsets.UTF_8.decode(member).toString())))
                .collectList()
                .flatMapMany(known -> {
                    Set<Scope> old = new HashSet<>(known);
                    old.removeAll(scopes);
                    return Flux.fromIterable(old);
                })
                .concatMap(scope -> forget(connection, scope, tenants.contains(scope.tenant())))
                .then());
    }

    private Mono<Long> forget(ReactiveRedisConnection connection, Scope scope, boolean tenantStays) {
        return Flux.fromIterable(redis.names().ledgers(scope.tenant()))
                .flatMap(
                        ledger -> tenantStays
                                ? connection
                                        .zSetCommands()
                                        .zRem(ledger.name(), RedisArguments.text("!" + scope.suffix()))
                                : connection.keyCommands().unlink(ledger.name()),
                        AT_ONCE)
                .then(connection.setCommands().sRem(COUNTED.duplicate(), RedisArguments.text(member(scope))));
    }

    private static String member(Scope scope) {
        return scope.tenant() + ':' + scope.namespace();
    }

    private static Optional<Scope> scope(String member) {
        int colon = member.indexOf(':');
        return colon < 1
                ? Optional.empty()
                : Optional.of(new Scope(member.substring(0, colon), member.substring(colon + 1)));
    }

    private <T> Flux<T> ofEach(String tenant, Function<Ledger, Mono<T>> call) {
        return Flux.fromIterable(redis.names().ledgers(tenant)).flatMap(call, AT_ONCE);
    }

    private Mono<Answer> run(EntryScript script, Ledger ledger, String... more) {
        ByteBuffer[] arguments = new ByteBuffer[3 + more.length];
        arguments[0] = ledger.name();
        arguments[1] = ledger.prefix();
        arguments[2] = ledger.suffix();
        for (int i = 0; i < more.length; i++) {
            arguments[3 + i] = RedisArguments.text(more[i]);
        }
        return redis.run(script, arguments);
    }
}
