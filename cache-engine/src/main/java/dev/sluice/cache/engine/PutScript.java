package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import dev.sluice.cache.engine.SecondLevel.PutOutcome;
import dev.sluice.cache.engine.SecondLevel.PutRequest;
import dev.sluice.cache.engine.SecondLevel.Written;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Puts entries, one by itself or several in one command, which are not made in one step for all that. Thread-safe; never waits. */
final class PutScript {

    private static final long FAILED = 4;

    private final EntryScript script = EntryScript.put(false);
    private final EntryScript scriptOfMany = EntryScript.putAll(false);
    private final RedisLink redis;
    private final RedisTime time;
    private final LedgerEntries ledgers;
    private final boolean noting;
    private final int packFrom;

    PutScript(RedisLink redis, LedgerEntries ledgers, boolean noting, int packFrom) {
        this.redis = redis;
        this.time = new RedisTime(redis.names(), System::nanoTime);
        this.ledgers = ledgers;
        this.noting = noting;
        this.packFrom = packFrom;
    }

    Mono<Written> run(PutRequest put, Duration patience) {
        RedisTime.Deadline deadline = time.within(put.key(), patience);
        Call call = new Call(put);
        LedgerEntries.Room room = call.room;
        return deadline.keep(latest -> redis.run(
                        room == null ? script : room.putScript(),
                        call.keys.size(),
                        Stream.concat(call.keys.stream(), call.arguments(latest))
                                .toArray(ByteBuffer[]::new)))
                .map(call::written);
    }

    /** Those that count towards a quota and those that do not are left when they are mixed. Not for a Redis Cluster. */
    Mono<List<PutOutcome>> runAll(List<PutRequest> puts, Duration patience) {
        List<Call> calls = puts.stream().map(Call::new).toList();
        LedgerEntries.Room room = calls.getFirst().room;
        if (calls.stream().anyMatch(call -> (call.room == null) != (room == null))) {
            return Mono.just(Collections.nCopies(puts.size(), PutOutcome.LEFT));
        }
        List<ByteBuffer> keys =
                calls.stream().flatMap(call -> call.keys.stream()).toList();
        return time.within(puts.getFirst().key(), patience)
                .keepAll(latest -> redis.ask(
                                room == null ? scriptOfMany : room.putAllScript(),
                                keys.size(),
                                arguments(keys, calls, latest))
                        .map(reply -> answers(calls.size(), reply)))
                .map(answers -> IntStream.range(0, calls.size())
                        .mapToObj(i -> calls.get(i).outcome(answers.get(i)))
                        .toList());
    }

    private static ByteBuffer[] arguments(List<ByteBuffer> keys, List<Call> calls, ByteBuffer latest) {
        return Stream.of(
                        keys.stream(),
                        Stream.of(RedisArguments.number(calls.size())),
                        calls.stream().flatMap(call -> call.arguments(latest)))
                .flatMap(part -> part)
                .toArray(ByteBuffer[]::new);
    }

    private static List<Answer> answers(int count, Object reply) {
        if (!(reply instanceof List<?> list) || list.size() != count) {
            throw new IllegalStateException("a script answered with something else than an answer for each put");
        }
        return list.stream().map(Answer::of).toList();
    }

    /** What one put is told. */
    private final class Call {

        private final LedgerEntries.@Nullable Room room;
        private final List<ByteBuffer> keys;
        private final List<ByteBuffer> first;
        private final List<ByteBuffer> last;

        private Call(PutRequest put) {
            CacheKey key = put.key();
            Lifetime lifetime = put.lifetime();
            room = ledgers.room(key);
            keys = new ArrayList<>(room == null ? List.of(redis.names().entry(key)) : room.keys());
            first = List.of(
                    RedisArguments.number(lifetime.whole().toMillis()),
                    RedisArguments.name(put.condition()),
                    RedisArguments.version(put.condition()),
                    RedisArguments.number(EntryCodec.kind(put.value(), lifetime)),
                    EntryCodec.encodeBody(put.value(), lifetime, packFrom),
                    RedisArguments.number(
                            lifetime.endsIdle() ? lifetime.idleBound().toMillis() : 0));
            last = new ArrayList<>(room == null ? List.of() : room.arguments());
            if (noting) {
                keys.add(redis.names().intents(key));
                last.add(RedisArguments.text(RedisNames.plain(key)));
            }
        }

        Stream<ByteBuffer> arguments(ByteBuffer latest) {
            return Stream.of(first.stream(), Stream.of(latest), last.stream()).flatMap(part -> part);
        }

        Written written(Answer answer) {
            Answer done = (room == null ? answer : room.orRefusal(answer)).orRefusal();
            return new Written(done.number(), done.flag() == 0);
        }

        PutOutcome outcome(Answer answer) {
            if (answer.state() == FAILED) {
                // Not repeated: another put of the same key may have come behind it.
                return new PutOutcome(
                        null, SecondLevelUnavailableException.asked(new IllegalStateException(answer.error())));
            }
            try {
                return new PutOutcome(written(answer), null);
            } catch (ConditionFailedException | QuotaExceededException refusal) {
                return new PutOutcome(null, refusal);
            }
        }
    }
}
