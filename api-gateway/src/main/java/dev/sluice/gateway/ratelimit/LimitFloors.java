package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the log has counted by now of each limit in its present window: less than was charged by what is still on its way, and
 * never more. So the shared counts may not have less; where they do, they were lost. One thread tells it what is on the log, any
 * thread asks.
 *
 * <p>Counts that have seen a window from its start have no need of it: a floor is told to them only for windows that began before they
 * did. While they are what they were for a month, none is.
 */
final class LimitFloors {

    /**
     * The least that was charged to a window.
     *
     * @param since the start of the window
     */
    record Floor(long amount, long since) {

        static final Floor NONE = new Floor(0, 0);
    }

    private record Name(String counter, Period period) {}

    /** @param parts what was charged, by the part of the log that counts it; they add up */
    private record Window(long since, long end, Map<Integer, Long> parts, long amount) {

        Window with(int part, long charged) {
            Map<Integer, Long> changed = new HashMap<>(parts);
            changed.put(part, charged);
            long sum = changed.values().stream().mapToLong(Long::longValue).reduce(0, LimitFloors::saturatedSum);
            return new Window(since, end, Map.copyOf(changed), sum);
        }
    }

    /** More than any topic has partitions; what is beyond is not believed. */
    private static final int MOST_PARTS = 1_000;

    /** By how much the clocks of gateways and of the shared counts may differ. */
    private static final long SKEW = Duration.ofMinutes(1).toNanos() / 1_000;

    private final long maxWindows;
    private final InstantSource clock;
    private final Map<String, Map<Name, Window>> tenants = new ConcurrentHashMap<>();
    private final Counter told;
    private final Counter refused;
    private final AtomicLong kept = new AtomicLong();
    /** Nothing is known of the counts at first. */
    private volatile long countsSince = Long.MAX_VALUE;
    /** Of the thread that tells what is on the log. */
    private long nextSweep = Long.MIN_VALUE;

    /** @param maxWindows for how many windows of limits a floor is kept */
    LimitFloors(long maxWindows, InstantSource clock, MeterRegistry meters) {
        this.maxWindows = maxWindows;
        this.clock = clock;
        this.refused = Counter.builder("sluice.limit.floors.refused")
                .description("Counts on the log that this gateway did not keep, because it keeps as many as it may")
                .register(meters);
        Gauge.builder("sluice.limit.floors", kept, AtomicLong::get)
                .description("Windows of limits of which this gateway knows what the log has counted")
                .register(meters);
        this.told = Counter.builder("sluice.limit.floors.told")
                .description("Times that Redis was told what the log has counted of a window that it may have lost")
                .register(meters);
    }

    /** Takes in what the log says of one part of a window; what is not of the present one is passed over. */
    void put(String tenant, String counter, Period period, long since, int part, long charged) {
        long now = now();
        if (!period.isOnLog() || since < 0 || since > now + SKEW || since != period.startOf(since) || charged < 0) {
            return;
        }
        long end = period.endOf(since);
        if (end <= now) {
            return;
        }
        sweep(now);
        Name name = new Name(counter, period);
        Map<Name, Window> windows = tenants.get(tenant);
        Window before = windows == null ? null : windows.get(name);
        if (before == null && kept.get() >= maxWindows) {
            refused.increment();
            return;
        }
        if (before != null && before.since > since) {
            return;
        }
        Window current = before != null && before.since == since ? before : new Window(since, end, Map.of(), 0);
        if (current.parts.size() >= MOST_PARTS && !current.parts.containsKey(part)) {
            refused.increment();
            return;
        }
        tenants.computeIfAbsent(tenant, unseen -> new ConcurrentHashMap<>()).put(name, current.with(part, charged));
        if (before == null) {
            kept.incrementAndGet();
        }
    }

    /** How long ago the shared counts began the life that they are in. */
    void countsAreOld(Duration age) {
        countsSince = now() - age.toNanos() / 1_000 + SKEW;
    }

    /** What the shared counts have at least to have of a limit that they may have lost. */
    Floor toTell(String tenant, Limit limit) {
        Window window = find(tenant, limit);
        if (window == null || window.since >= countsSince) {
            return Floor.NONE;
        }
        told.increment();
        return new Floor(window.amount, window.since);
    }

    /** What was used of a limit at least, in its present window. */
    long used(String tenant, Limit limit) {
        Window window = find(tenant, limit);
        long now = window == null ? 0 : now();
        return window == null || window.since > now || window.end <= now ? 0 : window.amount;
    }

    private @Nullable Window find(String tenant, Limit limit) {
        Map<Name, Window> windows = tenants.get(tenant);
        return windows != null && limit.algorithm() instanceof CalendarWindow window
                ? windows.get(new Name(limit.counter(), window.period()))
                : null;
    }

    /** Forgets windows that ended; now and then, since it looks at all. */
    private void sweep(long now) {
        if (now < nextSweep) {
            return;
        }
        nextSweep = now + SKEW;
        tenants.values().removeIf(windows -> {
            windows.values().removeIf(window -> {
                boolean isOver = window.end <= now;
                kept.addAndGet(isOver ? -1 : 0);
                return isOver;
            });
            return windows.isEmpty();
        });
    }

    private long now() {
        return CalendarWindow.micros(clock.instant());
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
