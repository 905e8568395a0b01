package dev.sluice.webhook.budget;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * At most so many in any minute for each tenant, exactly, in this process. Tenants that asked for nothing in the last minute take no
 * room. Thread-safe.
 */
public final class TenantBudget {

    private static final Duration SPAN = Duration.ofMinutes(1);

    private final String what;
    private final int perMinute;
    private final InstantSource clock;
    /** When each tenant asked in the last minute, oldest first; the tenant that asked last is last. */
    private final Map<String, Deque<Instant>> asked = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

    /**
     * A budget.
     *
     * @param what is asked for, in the plural and for people
     */
    public TenantBudget(String what, int perMinute, InstantSource clock) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("perMinute must be at least 1: " + perMinute);
        }
        this.what = what;
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /** Takes one; refuses with 429 and when there will be one again. */
    public synchronized void spend(String tenant) {
        Instant now = clock.instant();
        Instant begin = now.minus(SPAN);
        forgetIdle(begin);
        Deque<Instant> times = asked.computeIfAbsent(tenant, unseen -> new ArrayDeque<>());
        while (!times.isEmpty() && !times.peekFirst().isAfter(begin)) {
            times.removeFirst();
        }
        if (times.size() >= perMinute) {
            throw refused(Duration.between(begin, times.getFirst()));
        }
        times.addLast(now);
    }

    /** How many tenants are remembered. */
    synchronized int size() {
        return asked.size();
    }

    private void forgetIdle(Instant begin) {
        Iterator<Deque<Instant>> oldest = asked.values().iterator();
        while (oldest.hasNext()) {
            Instant last = oldest.next().peekLast();
            if (last != null && last.isAfter(begin)) {
                return;
            }
            oldest.remove();
        }
    }

    private ProblemException refused(Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return new ProblemException(
                        ProblemType.QUOTA_EXCEEDED,
                        "A tenant may ask for " + perMinute + " " + what + " a minute; try again in " + seconds + " s.")
                .withHeader("Retry-After", Long.toString(seconds));
    }
}
