package dev.sluice.cache.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Counts what the cache does, without a tenant, a namespace or a key: those are for the log. */
final class CacheMeters implements AutoCloseable {

    private final MeterRegistry registry;
    private final List<Meter> own = new ArrayList<>();
    /** In the order of the outcomes. */
    private final List<Counter> reads;

    private final ChangeCounters puts;
    private final ChangeCounters deletes;

    CacheMeters(MeterRegistry registry, FirstLevel first) {
        this.registry = registry;
        reads = Stream.of(ReadOutcome.values())
                .map(outcome -> counter("sluice.cache.engine.reads", "outcome", lower(outcome)))
                .toList();
        puts = changes("put");
        deletes = changes("delete");
        gauge(
                "sluice.cache.first.level.bytes",
                "Estimated weight of the copies on this node",
                first,
                FirstLevel::weight);
        gauge("sluice.cache.first.level.entries", "Copies on this node", first, FirstLevel::entries);
        own.add(FunctionCounter.builder("sluice.cache.first.level.voided.fills", first, FirstLevel::voidedFills)
                .description("Values not kept because their key may have changed while they were read")
                .register(registry));
    }

    void watch(GuardedSecondLevel second) {
        gauge(
                "sluice.cache.second.level.breaker",
                "0 closed, 1 half open, 2 open",
                second,
                level -> numberOf(level.state()));
    }

    @SuppressWarnings("EnumOrdinal") // an array of counters on the path of every hit
    void read(ReadOutcome outcome) {
        reads.get(outcome.ordinal()).increment();
    }

    Mono<PutResult> countPut(Mono<PutResult> put) {
        return puts.count(put);
    }

    Mono<DeleteResult> countDelete(Mono<DeleteResult> delete) {
        return deletes.count(delete);
    }

    @Override
    public void close() {
        own.forEach(registry::remove);
    }

    private ChangeCounters changes(String operation) {
        return new ChangeCounters(
                counter("sluice.cache.engine.changes", "operation", operation, "result", "done"),
                counter("sluice.cache.engine.changes", "operation", operation, "result", "condition_failed"),
                counter("sluice.cache.engine.changes", "operation", operation, "result", "unavailable"),
                counter("sluice.cache.engine.changes", "operation", operation, "result", "failed"));
    }

    private Counter counter(String name, String... tags) {
        Counter counter = registry.counter(name, tags);
        own.add(counter);
        return counter;
    }

    private <T> void gauge(String name, String description, T subject, ToDoubleFunction<T> value) {
        own.add(Gauge.builder(name, subject, value).description(description).register(registry));
    }

    private static int numberOf(Breaker.State state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static String lower(ReadOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** How the changes of one kind ended. */
    private record ChangeCounters(Counter done, Counter conditionFailed, Counter unavailable, Counter failed) {

        <T> Mono<T> count(Mono<T> change) {
            return change.doOnSuccess(ignored -> done.increment())
                    .doOnError(error -> of(error).increment());
        }

        private Counter of(Throwable error) {
            return switch (error) {
                case ConditionFailedException ignored -> conditionFailed;
                case SecondLevelUnavailableException ignored -> unavailable;
                default -> failed;
            };
        }
    }
}
