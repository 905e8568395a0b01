package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one admitted request was charged to one window of one limit, for the log. Windows of a minute are over before the log
 * could say anything of them, and rates have none. Pure.
 *
 * @param limit what it is counted by
 * @param inside a moment within the window, in microseconds since the epoch
 */
record LimitCharge(String limit, Period period, long inside, long cost) {

    /** Is told of each window that was charged. */
    @FunctionalInterface
    interface Listener {

        void charged(String tenant, String limit, Period period, long inside, long cost);
    }

    /** One window of one limit. */
    record Window(String limit, Period period, long since) {}

    /**
     * Tells what a decision charged; nothing when it refused. Allocates nothing.
     *
     * @param limits those that it was about: a gateway that decides alone also owes those that have no say then
     * @param now microseconds since the epoch, by a clock that may be wrong by less than half a window
     */
    static void tell(String tenant, List<Limit> limits, LimitDecision made, long cost, long now, Listener listener) {
        if (cost == 0 || !made.verdict().admits()) {
            return;
        }
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            if (limit.algorithm() instanceof CalendarWindow window
                    && window.period().isOnLog()) {
                LimitUse use = useOf(limit, i, made.uses());
                boolean counts = use == null || !use.exceeded() || limit.mode() != Limit.Mode.SHADOW;
                if (counts) {
                    long inside = use == null ? now : use.middleOfWindow(now);
                    listener.charged(tenant, limit.counter(), window.period(), inside, cost);
                }
            }
        }
    }

    /** Those of one window together, in the order in which windows came. */
    static Map<Window, Long> sum(List<List<LimitCharge>> decisions) {
        Map<Window, Long> sums = new LinkedHashMap<>();
        for (List<LimitCharge> charges : decisions) {
            for (LimitCharge charge : charges) {
                long since = charge.period.startOf(charge.inside);
                sums.merge(new Window(charge.limit, charge.period, since), charge.cost, Long::sum);
            }
        }
        return sums;
    }

    private static @Nullable LimitUse useOf(Limit limit, int place, List<LimitUse> uses) {
        if (place < uses.size() && uses.get(place).limit().counter().equals(limit.counter())) {
            return uses.get(place);
        }
        return uses.stream()
                .filter(use -> use.limit().counter().equals(limit.counter()))
                .findFirst()
                .orElse(null);
    }
}
