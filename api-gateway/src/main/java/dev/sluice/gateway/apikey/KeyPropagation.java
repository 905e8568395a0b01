package dev.sluice.gateway.apikey;

import dev.sluice.gateway.fleet.Fleet;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.ApiKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Measures how long changes of keys take until every gateway holds callers to them. Thread-safe. */
final class KeyPropagation {

    /** For how long the confirmations of a change are waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The boundaries of the histogram, in the way of a log on one machine and of one across zones. */
    private static final Duration[] BOUNDARIES = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2)
    };

    private final Fleet fleet;
    private final LongSupplier nanoTime;
    private final Timer complete;
    private final Counter incomplete;

    KeyPropagation(Fleet fleet, LongSupplier nanoTime, MeterRegistry meters) {
        this.fleet = fleet;
        this.nanoTime = nanoTime;
        this.complete = Timer.builder("sluice.apikeys.propagation")
                .description("from the beginning of a change of a key to the confirmation by every gateway")
                .serviceLevelObjectives(BOUNDARIES)
                .register(meters);
        this.incomplete = Counter.builder("sluice.apikeys.propagation.incomplete")
                .description("changes of keys that not every gateway confirmed within two seconds")
                .register(meters);
    }

    /** A write of a key, followed and measured from its beginning on, whether anybody waits for that or not. */
    Mono<Change<ApiKey>> measured(Mono<Versioned<ApiKey>> write) {
        return Mono.defer(() -> {
            long since = nanoTime.getAsLong();
            return write.map(stored -> new Change<>(
                    stored.value(), follow(stored.version(), since).whenComplete((end, failure) -> count(end))));
        });
    }

    /** How far a change has spread that was made some time ago. */
    CompletableFuture<Propagation> ofEarlier(long version) {
        return follow(version, nanoTime.getAsLong());
    }

    private CompletableFuture<Propagation> follow(long version, long since) {
        return fleet.awaitApplied(ApiKeyTable.NAME, version, PATIENCE)
                .thenApply(progress -> Propagation.of(progress, nanoTime.getAsLong() - since));
    }

    private void count(Propagation end) {
        if (end.complete()) {
            complete.record(Math.round(end.millis() * 1_000), TimeUnit.MICROSECONDS);
            return;
        }
        incomplete.increment();
    }
}
