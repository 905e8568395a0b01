package dev.sluice.gateway.responsecache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How requests of routes with a cache were answered. Thread-safe. */
final class ResponseMeters {

    static final String REQUESTS = "sluice.responsecache.requests";

    /** How a request was answered. */
    enum Outcome {
        /** From the store, fresh. */
        HIT,
        /** From the store, stale, as the caller or RFC 5861 allows. */
        STALE,
        /** From the store, in place of a failure of the upstream. */
        STALE_IF_ERROR,
        /** From the store, after the upstream has said that nothing has changed. */
        REVALIDATED,
        /** By another request's answer, which it waited for. */
        COLLAPSED,
        /** By the upstream. */
        MISS,
        /** By the upstream, without a look into the store. */
        BYPASS
    }

    private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
    private final Counter stored;

    ResponseMeters(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder(REQUESTS)
                            .description("requests of routes with a cache, by how they were answered")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        stored = Counter.builder("sluice.responsecache.stored")
                .description("answers that were kept")
                .register(registry);
    }

    void count(Outcome outcome) {
        Counter counter = counters.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    void stored() {
        stored.increment();
    }
}
