package dev.sluice.metrics.alert;

import dev.sluice.metrics.anomaly.Judged;
import dev.sluice.metrics.anomaly.Watched;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.Hysteresis;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Has it told when a figure becomes unusual, and when it is as usual again. Both must hold for a while, and the latter by a margin, so that what lies at a bound is not told to and fro.
 */
final class AnomalyWatch implements LeaderWatch.Duty {

    /** What has ended can be seen for so long. */
    private static final Duration ENDED_KEPT = Duration.ofDays(1);

    /** Who is further behind the log looks once it has caught up: hours that are over are read once, and would be remembered half counted. */
    private static final Duration BEHIND = Duration.ofMinutes(5);

    private final AnomalyProperties terms;
    private final Predicate<Instant> isCountedTo;
    private final AnomalyFigures figures;
    private final AlertDesk desk;
    private final Verdicts verdicts = new Verdicts();
    private volatile int judged;

    /**
     * A duty.
     *
     * @param isCountedTo whether all that was on the log by then is counted
     */
    AnomalyWatch(AnomalyProperties terms, Predicate<Instant> isCountedTo, AnomalyFigures figures, AlertDesk desk) {
        this.terms = terms;
        this.isCountedTo = isCountedTo;
        this.figures = figures;
        this.desk = desk;
    }

    /** How many figures were judged at the last look; 0 where another instance looks. */
    int judged() {
        return judged;
    }

    @Override
    public void forget() {
        verdicts.forget();
        figures.forget();
        judged = 0;
    }

    @Override
    public void look(Instant now) {
        Instant longAgo = now.minus(ENDED_KEPT);
        desk.remove(alert ->
                alert.getState() == AlertState.RESOLVED && alert.getSince().isBefore(longAgo));
        if (!isCountedTo.test(now.minus(BEHIND))) {
            judged = 0;
            return;
        }
        List<Judged> found = figures.read(now);
        judged = found.size();
        Map<String, Alert> standing = new HashMap<>();
        Map<String, Integer> ofTenant = new HashMap<>();
        desk.told().stream().filter(AnomalyEvents::stands).forEach(alert -> {
            standing.put(alert.getId(), alert);
            ofTenant.merge(alert.getTenant(), 1, Integer::sum);
        });
        Set<String> known = new HashSet<>(standing.keySet());
        List<Judged> worstFirst = found.stream()
                .sorted(Comparator.comparingDouble(Judged::deviations).reversed())
                .toList();
        for (Judged one : worstFirst) {
            String id = AnomalyEvents.idOf(one.what());
            known.add(id);
            Status told = standing.remove(id) == null ? Status.HEALTHY : Status.WARNING;
            Status status = verdicts.look(id, told, before -> next(before, one, now));
            if (status != told) {
                change(id, one, status, ofTenant, now);
            }
        }
        standing.forEach((id, alert) -> endWhatIsNotJudged(id, AnomalyEvents.watchedOf(alert), now));
        verdicts.keepOnly(known);
    }

    private Hysteresis next(Hysteresis before, Judged one, Instant now) {
        return before.next(now, statusOf(one.isUnusual()), statusOf(one.isNearlyUnusual(terms.margin())), terms.hold());
    }

    private static Status statusOf(boolean unusual) {
        return unusual ? Status.WARNING : Status.HEALTHY;
    }

    private void change(String id, Judged one, Status status, Map<String, Integer> ofTenant, Instant now) {
        String tenant = one.what().tenant();
        if (status == Status.HEALTHY) {
            desk.tell(id, _ -> AnomalyEvents.ended(one.what(), one, now));
        } else if (ofTenant.getOrDefault(tenant, 0) < terms.standing()) {
            ofTenant.merge(tenant, 1, Integer::sum);
            desk.tell(id, _ -> AnomalyEvents.begun(one, now));
        }
    }

    /** What nobody reads any more is no anomaly for ever. */
    private void endWhatIsNotJudged(String id, Watched what, Instant now) {
        Status status = verdicts.look(
                id, Status.WARNING, before -> before.next(now, Status.HEALTHY, Status.HEALTHY, terms.hold()));
        if (status == Status.HEALTHY) {
            desk.tell(id, _ -> AnomalyEvents.ended(what, null, now));
        }
    }
}
