package dev.sluice.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Stands in while the shared limits cannot be asked: this gateway's part of each limit, counted in memory. It also hears
 * of what this gateway admitted before, so that losing Redis does not hand out a quota a second time. Thread-safe.
 */
final class LocalLimits {

    private final IntSupplier gateways;
    private final InstantSource clock;
    private final Cache<String, Map<String, LimitState>> tenants;

    LocalLimits(IntSupplier gateways, long maxTenants, InstantSource clock) {
        this.gateways = gateways;
        this.clock = clock;
        this.tenants = Caffeine.newBuilder().maximumSize(maxTenants).build();
    }

    /** Decides by each rule's own choice; the uses are those of this gateway's part. */
    LimitDecision decide(String tenant, List<Limit> limits, long cost) {
        List<Limit> shares = shares(limits);
        LimitDecision decision = update(tenant, shares, cost);
        boolean closed = cost > 0 && limits.stream().anyMatch(LocalLimits::isClosed);
        return closed ? decision.as(Verdict.CLOSED) : decision;
    }

    /** Counts what was admitted elsewhere. */
    void note(String tenant, List<Limit> limits, long cost) {
        long now = now();
        Map<String, LimitState> states = statesOf(tenant);
        synchronized (states) {
            for (Limit limit : shares(limits)) {
                Algorithm algorithm = limit.algorithm();
                LimitState settled = algorithm.settle(states.getOrDefault(limit.counter(), LimitState.NONE), now);
                states.put(limit.counter(), algorithm.charge(settled, cost));
            }
        }
    }

    /**
     * Hears how much all gateways together used of each limit, as last known: no gateway may admit more alone than its
     * part of what was left.
     */
    void learn(String tenant, List<Limit> limits, long[] used) {
        long now = now();
        int among = gateways.getAsInt();
        Map<String, LimitState> states = statesOf(tenant);
        synchronized (states) {
            for (int i = 0; i < limits.size(); i++) {
                Limit limit = limits.get(i);
                if (limit.onRedisLoss() != OnRedisLoss.SHARE || used[i] <= 0) {
                    continue;
                }
                Algorithm part = part(limit, among).algorithm();
                LimitState settled = part.settle(states.getOrDefault(limit.counter(), LimitState.NONE), now);
                long left = Math.max(0, limit.burst() - used[i]) / among;
                long over = part.remaining(settled) - left;
                states.put(limit.counter(), over > 0 ? part.charge(settled, over) : settled);
            }
        }
    }

    private LimitDecision update(String tenant, List<Limit> limits, long cost) {
        long now = now();
        Map<String, LimitState> states = statesOf(tenant);
        synchronized (states) {
            List<LimitState> stored = new ArrayList<>(limits.size());
            for (Limit limit : limits) {
                stored.add(states.getOrDefault(limit.counter(), LimitState.NONE));
            }
            LimitDecision decision = LimitDecision.decide(limits, stored, cost, now);
            for (int i = 0; i < limits.size(); i++) {
                states.put(limits.get(i).counter(), decision.after().get(i));
            }
            return decision;
        }
    }

    private List<Limit> shares(List<Limit> limits) {
        int among = gateways.getAsInt();
        return limits.stream()
                .filter(limit -> limit.onRedisLoss() == OnRedisLoss.SHARE)
                .map(limit -> part(limit, among))
                .toList();
    }

    private static Limit part(Limit limit, int among) {
        return among == 1 ? limit : limit.sharedBy(among);
    }

    private static boolean isClosed(Limit limit) {
        return limit.onRedisLoss() == OnRedisLoss.CLOSED && limit.mode() == Limit.Mode.ENFORCE;
    }

    private Map<String, LimitState> statesOf(String tenant) {
        return tenants.get(tenant, unseen -> new HashMap<>());
    }

    private long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
