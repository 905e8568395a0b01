package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.health.WatchedFigures;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.web.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks at the figures of all tenants from time to time, on the one instance that leads, and has changed verdicts told.
 */
final class AlertWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);

    private final Alerts terms;
    private final BooleanSupplier leads;
    private final Figures figures;
    private final AlertDesk desk;
    private final InstantSource clock;
    private final Verdicts verdicts;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("alert-watch").daemon().factory());
    private volatile boolean started;
    private boolean leading;

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

    /** @param leads whether this instance is the one that watches */
    AlertWatch(Alerts terms, BooleanSupplier leads, Figures figures, AlertDesk desk, InstantSource clock) {
        this.terms = terms;
        this.leads = leads;
        this.figures = figures;
        this.desk = desk;
        this.clock = clock;
        this.verdicts = new Verdicts(terms);
    }

    @Override
    public void start() {
        started = true;
        if (terms.enabled()) {
            long every = terms.every().toMillis();
            var _ = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void stop() {
        started = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    private void look() {
        try {
            lookOnce();
        } catch (ProblemException | StoresNotReadyException e) {
            LOG.debug("the figures cannot be read now", e);
        } catch (RuntimeException e) {
            LOG.warn("the figures were not looked at", e);
        }
    }

    void lookOnce() {
        Instant now = clock.instant();
        if (!desk.isReady() || !leads.getAsBoolean()) {
            leading = false;
            verdicts.forget();
            return;
        }
        if (!leading) {
            desk.takeOver(now);
            leading = true;
        }
        desk.catchUp();
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
            Status status = verdicts.look(id, told, seen, now);
            if (status != told) {
                desk.tell(subject, tenant, status, seen, now);
            }
        });
    }
}
