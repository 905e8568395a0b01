package dev.sluice.gateway.apikey;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * When keys were last used, to the minute. A request tells of the first use of its key in a minute and waits for nothing;
 * now and then what came together is written where all gateways see it. What could not be written is kept and tried again.
 * Thread-safe.
 */
final class KeyUses {

    private static final int MINUTE_SECONDS = 60;
    /** So much goes with one call. */
    private static final int MAX_BATCH = 1_000;
    /** Whoever looks at a key gets it without its last use rather than late. */
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** Nobody waits for a write but a shutdown, which must not lose it for a first connection that takes its time. */
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(4);

    private final KeyUseStore store;
    private final Counter failures;
    private final Map<String, Long> seenHere = new ConcurrentHashMap<>();
    private final Map<String, Long> pending = new ConcurrentHashMap<>();

    KeyUses(KeyUseStore store, MeterRegistry meters) {
        this.store = store;
        this.failures = Counter.builder("sluice.apikeys.uses.failures")
                .description("attempts to write when keys were last used that failed and are made again")
                .register(meters);
    }

    static long minuteOf(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), MINUTE_SECONDS);
    }

    /** A key was used in a minute. */
    void used(String id, long minute) {
        seenHere.merge(id, minute, Math::max);
        pending.merge(id, minute, Math::max);
    }

    /** Since when these keys have not been used; nothing for those that never were, as far as that can be found out. */
    Mono<Map<String, Instant>> find(Collection<String> ids) {
        return store.read(ids)
                .timeout(PATIENCE)
                .onErrorResume(failure -> Mono.just(Map.of()))
                .map(known -> merged(ids, known));
    }

    private Map<String, Instant> merged(Collection<String> ids, Map<String, Long> known) {
        Map<String, Instant> uses = new HashMap<>();
        for (String id : ids) {
            long minute = Math.max(known.getOrDefault(id, Long.MIN_VALUE), seenHere.getOrDefault(id, Long.MIN_VALUE));
            if (minute != Long.MIN_VALUE) {
                uses.put(id, Instant.ofEpochSecond(minute * MINUTE_SECONDS));
            }
        }
        return uses;
    }

    /** A key is no more. */
    Mono<Void> forget(String id) {
        seenHere.remove(id);
        pending.remove(id);
        return store.remove(id).timeout(PATIENCE).onErrorComplete();
    }

    /** Writes what came together; completes when it is written, or could not be. */
    Mono<Void> flush() {
        Map<String, Long> batch = new HashMap<>();
        for (Iterator<Map.Entry<String, Long>> each = pending.entrySet().iterator();
                each.hasNext() && batch.size() < MAX_BATCH; ) {
            Map.Entry<String, Long> entry = each.next();
            batch.put(entry.getKey(), entry.getValue());
        }
        if (batch.isEmpty()) {
            return Mono.empty();
        }
        return store.write(batch)
                .timeout(WRITE_PATIENCE)
                .then(Mono.defer(() -> {
                    batch.forEach(pending::remove);
                    return flush();
                }))
                .onErrorResume(failure -> {
                    failures.increment();
                    return Mono.empty();
                });
    }
}
