package dev.sluice.gateway.responsecache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How requests of one route were answered, or of all that are not told apart. Thread-safe. */
public final class ResponseMeters {

    static final String REQUESTS = "sluice.responsecache.requests";
    static final String STORED = "sluice.responsecache.stored";

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

    private final MeterRegistry registry;
    private final String route;

    /** A route without a cache has none of them. */
    private final Map<Outcome, Counter> requests = new ConcurrentHashMap<>();

    private volatile @Nullable Counter stored;
    private volatile boolean removed;

    /** @param route as metrics name it */
    public ResponseMeters(MeterRegistry registry, String route) {
        this.registry = registry;
        this.route = route;
    }

    void count(Outcome outcome) {
        if (removed) {
            return;
        }
        Counter counter = requests.get(outcome);
        if (counter == null) {
            counter = requests.computeIfAbsent(outcome, this::register);
        }
        counter.increment();
    }

    /** An answer was kept. */
    void stored() {
        if (removed) {
            return;
        }
        Counter counter = stored;
        if (counter == null) {
            // The same one for whoever comes at once.
            counter = Counter.builder(STORED)
                    .description("answers that were kept")
                    .tag("route", route)
                    .register(registry);
            stored = counter;
        }
        counter.increment();
    }

    /** Requests under way are not counted any more: the next route of that name begins at zero. */
    public void remove() {
        removed = true;
        requests.values().forEach(registry::remove);
        Counter kept = stored;
        if (kept != null) {
            registry.remove(kept);
        }
    }

    private Counter register(Outcome outcome) {
        return Counter.builder(REQUESTS)
                .description("requests of routes with a cache, by how they were answered")
                .tag("route", route)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
