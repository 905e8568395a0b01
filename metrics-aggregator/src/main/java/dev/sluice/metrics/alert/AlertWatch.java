package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.health.WatchedFigures;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.web.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * Looks at the figures of all tenants, and has changed verdicts told.
 */
final class AlertWatch implements LeaderWatch.Duty {

    private final Alerts terms;
    private final Figures figures;
    private final AlertDesk desk;
    private final Verdicts verdicts = new Verdicts();

    /** What is counted of all tenants in a range of minutes; blocks. */
    record Figures(
            CacheHealthRules cacheRules,
            TrafficHealthRules trafficRules,
            Reader<CacheTally> cache,
            Reader<RouteTally> requests) {

        /** Reads them, or fails with {@link ProblemException} while they cannot be read. */
        interface Reader<T extends Tally<T>> {
            TenantTallies<T> read(Instant from, Instant to);
        }
    }

    AlertWatch(Alerts terms, Figures figures, AlertDesk desk) {
        this.terms = terms;
        this.figures = figures;
        this.desk = desk;
    }

    @Override
    public void forget() {
        verdicts.forget();
    }

    @Override
    public void look(Instant now) {
        lookAt(Subject.CACHE, figures.cache(), tally -> WatchedFigures.of(figures.cacheRules(), tally), now);
        lookAt(Subject.REQUESTS, figures.requests(), tally -> WatchedFigures.of(figures.trafficRules(), tally), now);
    }

    private <T extends Tally<T>> void lookAt(
            Subject subject, Figures.Reader<T> reader, Function<T, WatchedFigures> watched, Instant now) {
        Instant from = now.minus(terms.window()).truncatedTo(ChronoUnit.MINUTES);
        reader.read(from, now).byTenant().forEach((tenant, tally) -> {
            String id = subject.alertId(tenant);
            Status told = desk.told(id);
            WatchedFigures seen = watched.apply(tally);
            Status status = verdicts.look(id, told, before -> seen.look(before, now, terms));
            if (status != told) {
                desk.tell(id, before -> VerdictEvents.alertOf(subject, tenant, before, seen.say(status), now));
            }
        });
    }
}
