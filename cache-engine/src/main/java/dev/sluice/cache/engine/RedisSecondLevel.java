package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryCodec.Head;
import dev.sluice.cache.engine.EntryCodec.Stored;
import dev.sluice.cache.engine.FetchScript.Found;
import io.lettuce.core.api.StatefulConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The second level in Redis: one string per entry, changed by scripts alone. Reads and writes go to the master. */
public final class RedisSecondLevel implements SecondLevel {

    /** Far longer than any call can be under way, short enough that deleted keys cost little. */
    static final Duration TOMBSTONE_LIFE = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(RedisSecondLevel.class);

    private final EntryScript deleteScript = EntryScript.delete();
    private final EntryScript leaseScript = EntryScript.entry("lease.lua");
    private final EntryScript releaseScript = EntryScript.entry("release.lua");
    private final EntryScript touchScript = EntryScript.entry("touch.lua");
    private final SweepScript sweepScript = new SweepScript();
    private final FetchScript fetchScript = new FetchScript();
    private final EntryScript anchorScript = EntryScript.entry("anchor.lua");
    private final RedisLink redis;
    private final RedisEpochs epochs;
    private final boolean noting;
    private final int packFrom;
    private final LedgerEntries ledgers;
    private final PutScript putScript;

    /** The factory stays the caller's, and should share one native connection, which is its default. */
    public RedisSecondLevel(ReactiveRedisConnectionFactory connections) {
        this(new RedisLink(connections), false, Integer.MAX_VALUE, Quotas.NONE);
    }

    private RedisSecondLevel(RedisLink redis, boolean noting, int packFrom, Quotas quotas) {
        this(redis, noting, packFrom, new LedgerEntries(redis, quotas));
    }

    private RedisSecondLevel(RedisLink redis, boolean noting, int packFrom, LedgerEntries ledgers) {
        this.redis = redis;
        this.epochs = new RedisEpochs(redis);
        this.noting = noting;
        this.packFrom = packFrom;
        this.ledgers = ledgers;
        this.putScript = new PutScript(redis, ledgers, noting, packFrom);
    }

    /**
     * The same, but values of so many bytes lie packed in Redis where that saves an eighth of them. Whoever reads unpacks
     * them, whatever its own setting.
     */
    public RedisSecondLevel packingFrom(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be positive");
        }
        return new RedisSecondLevel(redis, noting, bytes, ledgers);
    }

    /**
     * One that notes each change in {@link WriteIntents}: whoever makes changes fulfils them.
     */
    public static RedisSecondLevel withIntents(ReactiveRedisConnectionFactory connections) {
        return new RedisSecondLevel(new RedisLink(connections), true, Integer.MAX_VALUE, Quotas.NONE);
    }

    /**
     * The same, but entries that count towards a quota are in the ledger of their tenant, in one step with each change: see {@link
     * RedisLedgers}. Others cost what they did.
     */
    public RedisSecondLevel counting(Quotas quotas) {
        return new RedisSecondLevel(redis, noting, packFrom, quotas);
    }

    /**
     * What ends idle is touched in the version that was read, which also tells its age. Should it change between the two, it is read
     * again.
     */
    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        return fetchOnce(key)
                .flatMap(fetched -> fetched.lifetime().endsIdle()
                        ? touched(key, fetched).switchIfEmpty(Mono.defer(() -> fetch(key)))
                        : Mono.just(fetched));
    }

    private Mono<Fetched> touched(CacheKey key, Fetched fetched) {
        return runTouch(key, fetched.version())
                .map(answer -> new Fetched(
                        fetched.value(),
                        fetched.version(),
                        fetched.start(),
                        Duration.ofMillis(answer.flag()),
                        fetched.lifetime(),
                        fetched.cost(),
                        fetched.lastPurge(),
                        Duration.ofMillis(answer.number())));
    }

    @Override
    public Mono<Duration> touch(CacheKey key, long version) {
        return runTouch(key, version).map(answer -> Duration.ofMillis(answer.number()));
    }

    /** Empty when it is not there in that version. */
    private Mono<EntryScript.Answer> runTouch(CacheKey key, long version) {
        return redis.run(touchScript, redis.names().entry(key), RedisArguments.number(version))
                .filter(answer -> answer.state() == 1);
    }

    /**
     * Asks for the life left before the value: should the value change between the two, the life is that of an older
     * one and is cut to what the newer one was given. Or the clock of Redis has gone back, and the entry would stay until it
     * has caught up.
     */
    private Mono<Fetched> fetchOnce(CacheKey key) {
        return found(key).flatMap(found -> {
            Fetched fetched = fetched(found);
            if (fetched == null) {
                return Mono.empty();
            }
            return found.remainingMillis() > most(fetched).toMillis()
                    ? anchor(key, fetched).thenReturn(fetched)
                    : Mono.just(fetched);
        });
    }

    private Mono<Found> found(CacheKey key) {
        ByteBuffer name = redis.names().entry(key);
        Mono<StatefulConnection<byte[], byte[]>> driver = redis.driver();
        if (driver != null) {
            ByteBuffer purges = RedisArguments.epochs(key.tenant());
            return driver.flatMap(connection -> SingleRead.of(connection, name, purges));
        }
        return redis.ask(connection -> Mono.zip(
                        connection.keyCommands().pTtl(name.duplicate()),
                        connection.stringCommands().get(name.duplicate()),
                        epochs.last(connection, key.tenant()))
                .map(answer -> new Found(answer.getT1(), answer.getT2(), answer.getT3())));
    }

    @Override
    public int mostAtOnce() {
        return redis.names().clustered() ? 1 : FetchScript.MOST_KEYS;
    }

    /** What is to be touched or anchored is left out. */
    @Override
    public Mono<Map<CacheKey, Optional<Fetched>>> fetchAll(List<CacheKey> keys) {
        if (redis.names().clustered()) {
            return SecondLevel.super.fetchAll(keys);
        }
        return fetchScript.run(redis, keys).map(all -> {
            Map<CacheKey, Optional<Fetched>> complete = HashMap.newHashMap(all.size());
            all.forEach((key, found) -> {
                Optional<Fetched> fetched = found.map(RedisSecondLevel::fetched);
                if (fetched.isEmpty() || isComplete(fetched.get(), found.get().remainingMillis())) {
                    complete.put(key, fetched);
                }
            });
            return complete;
        });
    }

    private static boolean isComplete(Fetched fetched, long remainingMillis) {
        return !fetched.lifetime().endsIdle()
                && remainingMillis <= most(fetched).toMillis();
    }

    private Mono<?> anchor(CacheKey key, Fetched fetched) {
        return redis.run(
                anchorScript,
                redis.names().entry(key),
                RedisArguments.number(fetched.version()),
                RedisArguments.number(most(fetched).toMillis()));
    }

    /** Redis keeps it for no longer from now on, whatever is done to it. */
    private static Duration most(Fetched fetched) {
        Lifetime lifetime = fetched.lifetime();
        Duration whole = lifetime.whole();
        return lifetime.endsIdle() && lifetime.idleBound().compareTo(whole) < 0 ? lifetime.idleBound() : whole;
    }

    @Override
    public Mono<Stamp> stamp(CacheKey key) {
        return redis.ask(connection -> connection
                .stringCommands()
                .getRange(redis.names().entry(key), 0, EntryCodec.HEADER_BYTES - 1)
                .flatMap(header -> Mono.justOrEmpty(EntryCodec.decodeStamp(header))));
    }

    @Override
    public Mono<Written> put(
            CacheKey key, CacheValue value, Lifetime lifetime, Condition condition, Duration patience) {
        return putScript.run(new PutRequest(key, value, lifetime, condition), patience);
    }

    @Override
    public Mono<List<PutOutcome>> putAll(List<PutRequest> puts, Duration patience) {
        return redis.names().clustered() ? SecondLevel.super.putAll(puts, patience) : putScript.runAll(puts, patience);
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        List<ByteBuffer> arguments = new ArrayList<>(List.of(
                RedisArguments.number(TOMBSTONE_LIFE.toMillis()),
                RedisArguments.name(condition),
                RedisArguments.version(condition)));
        LedgerEntries.Room room = ledgers.room(key);
        Mono<EntryScript.Answer> answer;
        if (room == null) {
            answer = change(deleteScript, List.of(redis.names().entry(key)), key, arguments);
        } else {
            arguments.add(room.name());
            answer = change(room.deleteScript(), room.keys(), key, arguments);
        }
        return answer.map(EntryScript.Answer::orRefusal).map(done -> new DeleteResult(done.flag() == 1, done.number()));
    }

    @Override
    public Mono<Lease> lease(CacheKey key, long seenVersion, Duration life) {
        return redis.run(
                        leaseScript,
                        redis.names().entry(key),
                        RedisArguments.number(life.toMillis()),
                        RedisArguments.number(seenVersion),
                        RedisArguments.number(TOMBSTONE_LIFE.toMillis()))
                .map(RedisSecondLevel::lease);
    }

    @Override
    public Mono<Boolean> release(CacheKey key, long token) {
        return redis.run(releaseScript, redis.names().entry(key), RedisArguments.number(token))
                .map(answer -> answer.state() == 1);
    }

    @Override
    public Mono<Long> purge(Purge purge) {
        return epochs.issue(purge);
    }

    @Override
    public Mono<Purges> purges(String tenant) {
        return epochs.all(tenant);
    }

    @Override
    public Mono<Boolean> sweep(CacheKey key, long version, long epoch) {
        return sweepScript.run(redis, key, version, epoch);
    }

    @Override
    public Disposable onReturn(Runnable task) {
        return redis.onReturn(task);
    }

    private Mono<EntryScript.Answer> change(
            EntryScript script, List<ByteBuffer> names, CacheKey key, List<ByteBuffer> arguments) {
        List<ByteBuffer> all = new ArrayList<>(names);
        if (noting) {
            all.add(redis.names().intents(key));
        }
        int keys = all.size();
        all.addAll(arguments);
        if (noting) {
            all.add(RedisArguments.text(RedisNames.plain(key)));
        }
        return redis.run(script, keys, all.toArray(ByteBuffer[]::new));
    }

    private static Lease lease(EntryScript.Answer answer) {
        if (answer.state() == 0) {
            return new Lease.Granted(answer.number());
        }
        return answer.state() == 1 ? new Lease.Held(Duration.ofMillis(answer.number())) : new Lease.Changed();
    }

    /** Something unreadable is a miss, which the next put heals. */
    private static @Nullable Fetched fetched(Found found) {
        try {
            return EntryCodec.decode(found.bytes())
                    .map(stored -> fetched(found.remainingMillis(), stored, found.lastPurge()))
                    .orElse(null);
        } catch (UnreadableEntryException e) {
            log.warn("an entry in Redis is unreadable and taken for absent: {}", e.getMessage());
            return null;
        }
    }

    private static Fetched fetched(long remainingMillis, Stored stored, long lastPurge) {
        Head head = stored.head();
        long life = head.lifetime().whole().toMillis();
        long remaining = remainingMillis < 0 ? life : Math.min(life, remainingMillis);
        return new Fetched(
                stored.value(),
                head.version(),
                head.start(),
                Duration.ofMillis(life - remaining),
                head.lifetime(),
                head.cost(),
                lastPurge);
    }
}
