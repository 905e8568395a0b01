package dev.sluice.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.ratelimit.QuotaNotice.Kind;
import dev.sluice.platform.web.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a tenant when a quota is nearly used, and when it is wholly used: once for each window, by whichever gateway is
 * first. A request never waits for it. What cannot be told in time is not told twice but may be lost. Thread-safe.
 */
final class QuotaWatch {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaWatch.class);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** A gateway whose clock is behind may still be in the window. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    private final QuotaClaims claims;
    private final QuotaEventPublisher publisher;
    private final BooleanSupplier redisIsAway;
    private final int warningPercent;
    private final InstantSource clock;
    /** Until when there is nothing more to tell. */
    private final Cache<Told, Instant> told;

    private record Told(String tenant, String limit, Kind kind) {}

    QuotaWatch(
            QuotaClaims claims,
            QuotaEventPublisher publisher,
            BooleanSupplier redisIsAway,
            int warningPercent,
            long maxTenants,
            InstantSource clock) {
        this.claims = claims;
        this.publisher = publisher;
        this.redisIsAway = redisIsAway;
        this.warningPercent = warningPercent;
        this.clock = clock;
        this.told = Caffeine.newBuilder().maximumSize(maxTenants).build();
    }

    /** Looks at what a decision left of the quotas that it was about. */
    @SuppressWarnings(
            "ReferenceEquality") // A gateway's own part of a limit is another object, and says nothing of all.
    void see(Identity owner, List<Limit> limits, LimitDecision decision) {
        List<LimitUse> uses = decision.uses();
        for (int i = 0; i < uses.size() && i < limits.size(); i++) {
            LimitUse use = uses.get(i);
            Kind kind = QuotaNotice.kindOf(use, warningPercent);
            // What is used of a gateway's own part of a limit says nothing of the whole.
            if (kind != null
                    && use.limit().equals(limits.get(i))
                    && use.limit().algorithm() instanceof CalendarWindow window) {
                tell(owner, kind, use, window);
            }
        }
    }

    private void tell(Identity owner, Kind kind, LimitUse use, CalendarWindow window) {
        Instant now = clock.instant();
        Told key = new Told(owner.tenant(), use.limit().counter(), kind);
        Instant quietUntil = told.getIfPresent(key);
        if ((quietUntil != null && now.isBefore(quietUntil)) || redisIsAway.getAsBoolean()) {
            return;
        }
        told.put(key, now.plus(RETRY));
        QuotaNotice notice = QuotaNotice.of(kind, use, window, CalendarWindow.micros(now));
        Duration life = Duration.between(now, notice.windowEnd()).plus(GRACE);
        claims.claim(owner.tenant(), notice.id(), life)
                .timeout(PATIENCE)
                .subscribe(
                        isFirst -> {
                            told.put(key, notice.windowEnd());
                            if (isFirst) {
                                publisher.publish(owner, notice, now);
                            }
                        },
                        failure -> LOG.debug("not told yet: {}", notice, failure));
    }
}
