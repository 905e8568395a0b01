package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what limits are charged until it is taken. To add to a sum that is in use allocates nothing; one that nobody used
 * between two takings goes, so as many are held as are in use. Nothing is lost or told twice, however many add while it is
 * taken. Thread-safe; holds no lock where a sum is there.
 */
final class ChargeSums {

    /** What one window of one limit was charged. */
    private static final class Sum {

        /** It was taken for the last time. */
        private static final long CLOSED = -1;

        private final String limit;
        private final Period period;
        private final long since;
        private final long end;
        private final AtomicLong cost = new AtomicLong();

        Sum(String limit, Period period, long inside) {
            this.limit = limit;
            this.period = period;
            this.since = period.startOf(inside);
            this.end = period.endOf(since);
        }

        boolean isOf(String counter, Period other, long inside) {
            return period == other && since <= inside && inside < end && limit.equals(counter);
        }

        /** False when it is closed. */
        boolean add(long more) {
            long now = cost.get();
            while (now != CLOSED) {
                if (cost.compareAndSet(now, now + more)) {
                    return true;
                }
                now = cost.get();
            }
            return false;
        }

        /** What it came to; closes it when that is nothing. */
        long take() {
            return cost.compareAndSet(0, CLOSED) ? 0 : cost.getAndSet(0);
        }

        boolean isClosed() {
            return cost.get() == CLOSED;
        }
    }

    private static final Sum[] NONE = {};

    private final ConcurrentHashMap<String, Sum[]> tenants = new ConcurrentHashMap<>();

    /** @param inside a moment within the window, in microseconds since the epoch */
    void add(String tenant, String limit, Period period, long inside, long cost) {
        Sum sum = find(tenants.get(tenant), limit, period, inside);
        while (sum == null || !sum.add(cost)) {
            sum = find(
                    tenants.compute(tenant, (name, sums) -> withOpen(sums, limit, period, inside)),
                    limit,
                    period,
                    inside);
        }
    }

    /** Hands over what has come together for each tenant; to be called by one thread at a time. */
    void take(BiConsumer<String, List<LimitCharge>> to) {
        tenants.forEach((tenant, sums) -> {
            List<LimitCharge> charges = new ArrayList<>(sums.length);
            boolean closed = false;
            for (Sum sum : sums) {
                long cost = sum.take();
                if (cost > 0) {
                    charges.add(new LimitCharge(sum.limit, sum.period, sum.since, cost));
                }
                closed |= cost == 0;
            }
            if (closed) {
                tenants.computeIfPresent(tenant, (name, now) -> withoutClosed(now));
            }
            if (!charges.isEmpty()) {
                to.accept(tenant, charges);
            }
        });
    }

    /** How many tenants have sums. */
    int tenants() {
        return tenants.size();
    }

    private static @Nullable Sum find(Sum @Nullable [] sums, String limit, Period period, long inside) {
        if (sums != null) {
            for (Sum sum : sums) {
                if (sum.isOf(limit, period, inside)) {
                    return sum;
                }
            }
        }
        return null;
    }

    private static Sum[] withOpen(Sum @Nullable [] sums, String limit, Period period, long inside) {
        Sum[] open = sums == null ? NONE : withoutClosed(sums);
        if (open == null) {
            open = NONE;
        }
        if (find(open, limit, period, inside) != null) {
            return open;
        }
        Sum[] more = Arrays.copyOf(open, open.length + 1);
        more[open.length] = new Sum(limit, period, inside);
        return more;
    }

    /** Null when none is left. */
    private static Sum @Nullable [] withoutClosed(Sum[] sums) {
        Sum[] left = Arrays.stream(sums).filter(sum -> !sum.isClosed()).toArray(Sum[]::new);
        return left.length == 0 ? null : left;
    }
}
