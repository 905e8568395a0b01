package dev.sluice.gateway.proxy;

import dev.sluice.gateway.responsecache.ResponseMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The metrics of one route, or of all that are not told apart. Thread-safe. */
final class RouteMeters {

    static final String REQUESTS = "sluice.proxy.requests";
    static final String LATENCY = "sluice.proxy.upstream";

    /** The boundaries of the histogram; each is a time series for each route. */
    private static final Duration[] BOUNDARIES = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(10)
    };

    private record Key(int target, String outcome) {}

    private final MeterRegistry registry;
    private final String route;
    private final Timer latency;
    private final ResponseMeters answers;
    private final Map<Key, Counter> requests = new ConcurrentHashMap<>();
    private volatile boolean removed;

    RouteMeters(MeterRegistry registry, String route) {
        this.registry = registry;
        this.route = route;
        this.answers = new ResponseMeters(registry, route);
        this.latency = Timer.builder(LATENCY)
                .description("from the beginning of an attempt to the head of its answer")
                .tag("route", route)
                .serviceLevelObjectives(BOUNDARIES)
                .register(registry);
    }

    /** @param target its index in the route; below 0 for none */
    void count(int target, String outcome) {
        if (removed) {
            return;
        }
        Key key = new Key(target, outcome);
        Counter counter = requests.get(key);
        if (counter == null) {
            counter = requests.computeIfAbsent(key, this::register);
        }
        counter.increment();
    }

    void answeredAfter(long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Of those that are kept. */
    ResponseMeters answers() {
        return answers;
    }

    /** Requests under way are not counted any more: the next route of that name begins at zero. */
    void remove() {
        removed = true;
        registry.remove(latency);
        answers.remove();
        requests.values().forEach(registry::remove);
    }

    private Counter register(Key key) {
        return Counter.builder(REQUESTS)
                .description("attempts by what became of them")
                .tag("route", route)
                .tag("target", key.target() < 0 ? "none" : Integer.toString(key.target()))
                .tag("outcome", key.outcome())
                .register(registry);
    }
}
