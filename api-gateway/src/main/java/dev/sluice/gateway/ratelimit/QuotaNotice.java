package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is to hear of one of its quotas. Pure.
 *
 * @param used cost units that are used, or held by a gateway to be used
 * @param windowStart start of the calendar window, which ends at {@code windowEnd}
 */
record QuotaNotice(Kind kind, Limit limit, long used, Instant windowStart, Instant windowEnd) {

    /** How far it has come; the name in lower case ends the event's type. */
    enum Kind {
        WARNING,
        EXHAUSTED;

        String eventType() {
            return "quota." + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What there is to say of a quota; null when it is neither nearly nor wholly used, and of limits that are no quotas
     * or that their tenant is not to know of.
     */
    static @Nullable Kind kindOf(LimitUse use, int warningPercent) {
        Limit limit = use.limit();
        if (!(limit.algorithm() instanceof CalendarWindow) || limit.mode() == Limit.Mode.SHADOW) {
            return null;
        }
        if (use.exceeded() || use.remaining() == 0) {
            return Kind.EXHAUSTED;
        }
        return use.used() * 100 >= limit.quota() * warningPercent ? Kind.WARNING : null;
    }

    /** @param now microseconds since the epoch, by a clock that may be wrong by less than half a window */
    static QuotaNotice of(Kind kind, LimitUse use, CalendarWindow window, long now) {
        Period period = window.period();
        long start = period.startOf(use.middleOfWindow(now));
        return new QuotaNotice(kind, use.limit(), use.used(), instant(start), instant(period.endOf(start)));
    }

    /** The same for all gateways, and for no other notice of the tenant. */
    String id() {
        return kind.eventType() + ":" + limit.counter() + ":" + windowStart;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
