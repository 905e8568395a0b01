package dev.sluice.metrics.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.alert.AlertWatch.Figures;
import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.HealthProperties;
import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import dev.sluice.record.DomainEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several instances that watch the same figures, over one log in memory. */
class AlertWatchTest {

    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Alerts TERMS = new Alerts(true, TICK, Duration.ofMinutes(5), Duration.ofSeconds(30), 10, 0.1);

    private final FakeClock clock = FakeClock.fixed();
    private final FakeAlerts alerts = new FakeAlerts();
    private final FakeEventLog log = new FakeEventLog();
    private int hits = 100;
    private int reads = 100;

    /** An instance, and whether it thinks that it leads. */
    private final class Instance {
        private final FakeAlerts table;
        private boolean leads = true;
        private LeaderWatch watch;

        Instance() {
            this(alerts);
        }

        Instance(FakeAlerts table) {
            this.table = table;
            this.watch = started();
        }

        private LeaderWatch started() {
            Figures figures = new Figures(
                    new CacheHealthRules(HealthProperties.usual().cache()),
                    new TrafficHealthRules(HealthProperties.usual().requests()),
                    (from, to) -> figures(),
                    (from, to) -> new TenantTallies<>(RouteTally.KIND));
            AlertPublisher publisher =
                    new AlertPublisher(log, new VerdictEvents(new StrictJson()), new SimpleMeterRegistry());
            AlertDesk desk = new AlertDesk(new AlertTable(table), publisher);
            return new LeaderWatch("alert-watch", TICK, () -> leads, desk, new AlertWatch(TERMS, figures, desk), clock);
        }

        /** What was in its memory is lost. */
        void dieAndStart() {
            watch = started();
        }
    }

    private TenantTallies<CacheTally> figures() {
        CacheTally tally = new CacheTally();
        for (int read = 0; read < reads; read++) {
            tally.add(read < hits ? ReadOutcome.L1_HIT : ReadOutcome.MISS, 1_000_000, 1);
        }
        TenantTallies<CacheTally> tallies = new TenantTallies<>(CacheTally.KIND);
        tallies.add("acme", tally);
        return tallies;
    }

    private void look(int times, Instance... instances) {
        for (int i = 0; i < times; i++) {
            clock.advance(TICK);
            for (Instance instance : instances) {
                instance.watch.lookOnce();
            }
        }
    }

    @Test
    void aChangeThatHoldsIsToldOnceAndSoIsTheWayBack() {
        Instance instance = new Instance();
        look(10, instance);
        assertThat(log.events).as("well from the start").isEmpty();
        hits = 20;
        look(3, instance);
        assertThat(log.events).as("not for long enough").isEmpty();
        look(10, instance);
        assertThat(log.events).extracting(DomainEvent::getType).containsExactly("cache.health.degraded");
        DomainEvent event = log.events.getFirst();
        assertThat(event.getTenant()).isEqualTo("acme");
        assertThat(event.getSubject()).isEqualTo("health/cache");
        assertThat(event.getId()).doesNotContain(".");
        assertThat(StandardCharsets.UTF_8.decode(event.getData().duplicate()).toString())
                .contains("\"status\":\"degraded\"")
                .contains("\"previous\":\"healthy\"")
                .contains("\"value\":20.0,\"threshold\":50.0")
                .contains("hit rate is 20.0 %; it should be at least 50 %.");
        hits = 53;
        look(10, instance);
        assertThat(log.events).as("not better by the margin").hasSize(1);
        hits = 60;
        look(10, instance);
        assertThat(log.events)
                .extracting(DomainEvent::getType)
                .containsExactly("cache.health.degraded", "cache.health.recovered");
    }

    @Test
    void fewReadsSayNothing() {
        Instance instance = new Instance();
        hits = 0;
        reads = 9;
        look(20, instance);
        assertThat(log.events).isEmpty();
    }

    @Test
    void twoThatThinkTheyLeadTellItOnce() {
        hits = 20;
        look(10, new Instance(), new Instance());
        assertThat(log.events).hasSize(1);
        assertThat(alerts.written).hasSize(1);
    }

    @Test
    void oneThatIsBehindTheLogDoesNotTellItAgain() {
        Instance behind = new Instance(alerts.leftBehind());
        hits = 20;
        look(10, new Instance(), behind);
        assertThat(log.events).hasSize(1);
        assertThat(alerts.written).hasSize(1);
    }

    @Test
    void whoDoesNotLeadTellsNothing() {
        Instance instance = new Instance();
        instance.leads = false;
        hits = 20;
        look(10, instance);
        assertThat(alerts.written).isEmpty();
    }

    @Test
    void whoTakesOverTellsWhatTheOneBeforeCouldNot() {
        Instance first = new Instance();
        Instance second = new Instance();
        second.leads = false;
        hits = 20;
        log.failing = true;
        look(5, first, second);
        assertThat(alerts.written).hasSize(1);
        assertThat(log.events).isEmpty();
        log.failing = false;
        first.leads = false;
        second.leads = true;
        look(2, second);
        assertThat(log.events).extracting(DomainEvent::getType).containsExactly("cache.health.degraded");
        Instance third = new Instance();
        look(2, third);
        assertThat(log.events).as("it is on the log").hasSize(1);
    }

    @Test
    void whereTheLogCannotBeSearchedItIsToldAllTheSame() {
        Instance first = new Instance();
        hits = 20;
        log.failing = true;
        look(5, first);
        log.failing = false;
        log.tooLong = true;
        first.dieAndStart();
        look(3, first);
        assertThat(log.events).isEmpty();
        look(2, first);
        assertThat(log.events).hasSize(1);
    }

    /** Kills, outages and instances that lead at once: in the end each change has one event. */
    @Test
    void eachChangeHasOneEventWhateverHappens() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            AlertWatchTest world = new AlertWatchTest();
            world.runAtRandom(random);
            List<String> told = world.log.events.stream()
                    .map(event -> event.getType() + "@" + event.getTime())
                    .toList();
            assertThat(told)
                    .as("seed " + seed)
                    .containsExactlyElementsOf(world.alerts.written.stream()
                            .map(AlertWatchTest::nameOf)
                            .toList());
        }
    }

    private void runAtRandom(Random random) {
        List<Instance> instances = List.of(new Instance(), new Instance(), new Instance());
        for (int step = 0; step < 300; step++) {
            hits = Math.clamp(hits + random.nextInt(-25, 26), 0, 100);
            log.failing = random.nextInt(10) == 0;
            Instance one = instances.get(random.nextInt(3));
            switch (random.nextInt(6)) {
                case 0 -> one.leads = !one.leads;
                case 1 -> one.dieAndStart();
                default -> {}
            }
            look(1, instances.toArray(Instance[]::new));
            // What could not be told is told before the next change, or an event would be out of turn.
            log.failing = false;
            one.leads = true;
            one.dieAndStart();
            one.watch.lookOnce();
        }
    }

    private static String nameOf(Alert alert) {
        String verdict = alert.getState() == AlertState.HEALTHY
                ? "recovered"
                : alert.getState().name().toLowerCase(Locale.ROOT);
        return "cache.health." + verdict + "@" + alert.getSince();
    }
}
