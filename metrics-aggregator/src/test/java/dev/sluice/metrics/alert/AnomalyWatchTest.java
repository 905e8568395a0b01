package dev.sluice.metrics.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.WatchedFigures.Said;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import dev.sluice.record.DomainEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hours of namespaces as they may be, and what is told of them, over a log in memory. */
class AnomalyWatchTest {
    private static final Duration TICK = Duration.ofMinutes(1);
    private static final AnomalyProperties TERMS =
            new AnomalyProperties(true, TICK, Duration.ofMinutes(10), 0.25, 3, 4, 2);

    private final FakeClock clock = FakeClock.fixed();
    private final FakeAlerts alerts = new FakeAlerts();
    private final FakeEventLog log = new FakeEventLog();
    private final List<Instant> asked = new ArrayList<>();
    private final Map<String, Hour> now = new HashMap<>();
    private final Map<Instant, Hour> feedOf = new HashMap<>();
    private int answersLeft = Integer.MAX_VALUE;
    private Instant counted = Instant.MAX;
    private boolean leads = true;
    private LeaderWatch watch = started();
    private Instant begin = clock.instant();

    /** Reads and hits in an hour. */
    private record Hour(int reads, int hits) {}

    @BeforeEach
    void beginWithAnHour() {
        clock.advance(Duration.between(
                clock.instant(), clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS)));
        begin = clock.instant();
        now.put("acme|feed", new Hour(200, 180));
    }

    private LeaderWatch started() {
        AlertPublisher publisher =
                new AlertPublisher(log, new AnomalyEvents(new StrictJson()), new SimpleMeterRegistry());
        AlertDesk desk = new AlertDesk(new AlertTable(alerts), publisher);
        AnomalyFigures.Source<CacheTally> source =
                new AnomalyFigures.Source<>("namespace", (from, to) -> counted(from), Figure.OF_NAMESPACES);
        AnomalyWatch duty = new AnomalyWatch(
                TERMS, time -> counted.isAfter(time), new AnomalyFigures(TERMS, List.of(source)), desk);
        return new LeaderWatch("anomaly-watch", TICK, () -> leads, desk, duty, clock);
    }

    /** In the past nine of ten reads were hits, of all that there is. */
    private TenantTallies<CacheTally> counted(Instant hour) {
        if (answersLeft-- <= 0) {
            throw new ProblemException(ProblemType.UNAVAILABLE, "not now");
        }
        asked.add(hour);
        TenantTallies<CacheTally> tallies = new TenantTallies<>(CacheTally.KIND);
        now.forEach((key, current) -> {
            Hour usual = new Hour(current.reads(), current.reads() * 9 / 10);
            Hour counted = feedOf.getOrDefault(hour, hour.isBefore(begin) ? usual : current);
            CacheTally tally = new CacheTally();
            for (int read = 0; read < counted.reads(); read++) {
                tally.add(read < counted.hits() ? ReadOutcome.L1_HIT : ReadOutcome.MISS, 1_000_000, 1);
            }
            int bar = key.indexOf('|');
            tallies.add(AnomalyFigures.keyOf(key.substring(0, bar), key.substring(bar + 1)), tally);
        });
        return tallies;
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            clock.advance(TICK);
            watch.lookOnce();
        }
    }

    private static String text(DomainEvent event) {
        return StandardCharsets.UTF_8.decode(event.getData().duplicate()).toString();
    }

    private List<String> types() {
        return log.events.stream().map(DomainEvent::getType).toList();
    }

    @Test
    void whatIsUnusualForLongEnoughIsToldOnceAndSoIsItsEnd() {
        look(3);
        assertThat(log.events).as("as usual").isEmpty();
        now.put("acme|feed", new Hour(300, 90));
        look(10);
        assertThat(log.events).as("not for long enough").isEmpty();
        look(30);
        assertThat(types()).containsExactly("cache.anomaly.detected");
        DomainEvent event = log.events.getFirst();
        assertThat(event.getTenant()).isEqualTo("acme");
        assertThat(event.getSubject()).isEqualTo("anomaly/namespace/feed");
        assertThat(event.getSource()).isEqualTo("/api/v1/monitoring/anomalies");
        assertThat(text(event))
                .contains("\"subject\":\"namespace\",\"name\":\"feed\",\"measure\":\"hit_rate\"")
                .contains("\"status\":\"warning\",\"previous\":\"healthy\"")
                .contains("\"value\":0.3,\"threshold\":0.85")
                .contains("namespace feed hits 30.0 % where 85.0 % to 95.0 % are usual.");

        now.put("acme|feed", new Hour(300, 258));
        look(12);
        assertThat(log.events).as("inside, but not by the margin").hasSize(1);
        now.put("acme|feed", new Hour(300, 270));
        look(10);
        assertThat(log.events).as("not for long enough").hasSize(1);
        look(1);
        assertThat(types()).containsExactly("cache.anomaly.detected", "cache.anomaly.ended");
        assertThat(text(log.events.getLast()))
                .contains("\"status\":\"resolved\",\"previous\":\"warning\"")
                .contains("hits 90.0 % where 85.0 % to 95.0 % are usual; so it is as usual again.");
        assertThat(alerts.find("anomaly|acme|namespace|hit_rate|feed"))
                .get()
                .extracting(Alert::getState)
                .isEqualTo(AlertState.RESOLVED);
    }

    @Test
    void whatEndedIsTakenOffAfterADay() {
        endOne();
        clock.advance(Duration.ofHours(23));
        watch.lookOnce();
        assertThat(alerts.entries()).hasSize(1);
        clock.advance(Duration.ofHours(2));
        watch.lookOnce();
        assertThat(alerts.entries()).isEmpty();
    }

    private void endOne() {
        now.put("acme|feed", new Hour(300, 90));
        look(12);
        now.put("acme|feed", new Hour(300, 270));
        look(12);
        assertThat(types()).containsExactly("cache.anomaly.detected", "cache.anomaly.ended");
    }

    @Test
    void whatGoesToAndFroIsNotTold() {
        for (int i = 0; i < 20; i++) {
            now.put("acme|feed", new Hour(300, i % 2 == 0 ? 90 : 270));
            look(2);
        }
        assertThat(log.events).isEmpty();
    }

    @Test
    void theLastFullHourIsJudgedWhileTheOneThatRunsHasTooLittle() {
        now.put("acme|feed", new Hour(300, 90));
        look(12);
        assertThat(log.events).hasSize(1);
        feedOf.put(begin, new Hour(300, 90));
        now.put("acme|feed", new Hour(99, 99));
        look(90);
        assertThat(log.events).as("99 hits say nothing").hasSize(1);
    }

    @Test
    void whoIsBehindTheLogLooksOnceItHasCaughtUp() {
        now.put("acme|feed", new Hour(300, 90));
        counted = clock.instant().minus(Duration.ofHours(3));
        look(20);
        assertThat(asked).as("hours half counted would be remembered so").isEmpty();
        counted = clock.instant();
        look(4);
        assertThat(asked).isNotEmpty();
        counted = Instant.MAX;
        look(12);
        assertThat(log.events).hasSize(1);
    }

    @Test
    void whatNobodyReadsAnyMoreIsNoAnomalyForEver() {
        now.put("acme|feed", new Hour(300, 90));
        look(12);
        now.clear();
        clock.advance(Duration.ofHours(2));
        look(10);
        assertThat(types()).containsExactly("cache.anomaly.detected");
        look(1);
        assertThat(types()).containsExactly("cache.anomaly.detected", "cache.anomaly.ended");
        assertThat(text(log.events.getLast())).contains("is read too little to be judged");
    }

    @Test
    void hoursThatAreOverAreReadOnce() {
        look(1);
        int first = asked.size();
        assertThat(asked).doesNotHaveDuplicates().hasSizeBetween(70, 90);
        look(5);
        assertThat(asked).hasSize(first + 10);
        look(10);
        int settled = asked.size();
        look(5);
        assertThat(asked).as("the one that runs alone").hasSize(settled + 5);
        clock.advance(Duration.ofHours(1));
        int before = asked.size();
        watch.lookOnce();
        assertThat(asked.size() - before)
                .as("the hour that is over now, those of other days, and the two that are judged")
                .isLessThan(35);
    }

    @Test
    void whatWasReadBeforeAFailureIsKept() {
        answersLeft = 40;
        assertThatThrownBy(() -> look(1)).isInstanceOf(ProblemException.class);
        answersLeft = Integer.MAX_VALUE;
        look(1);
        assertThat(asked).doesNotHaveDuplicates().hasSizeBetween(70, 90);
    }

    @Test
    void whoTakesOverTellsWhatTheOneBeforeCouldNotAndNothingTwice() {
        now.put("acme|feed", new Hour(300, 90));
        log.failing = true;
        look(12);
        assertThat(alerts.written).hasSize(1);
        assertThat(log.events).isEmpty();
        log.failing = false;
        watch = started();
        look(1);
        assertThat(types()).containsExactly("cache.anomaly.detected");
        watch = started();
        look(20);
        assertThat(log.events).hasSize(1);
        leads = false;
        now.put("acme|feed", new Hour(300, 270));
        look(20);
        assertThat(log.events).as("another one leads").hasSize(1);
    }

    @Test
    void ofATenantOnlySoManyAreWatchedAndFewerStandAtATime() {
        for (int i = 0; i < 6; i++) {
            now.put("acme|space-" + i, new Hour(300 + i, 270));
        }
        now.put("zeta|feed", new Hour(300, 270));
        now.put("wide|feed", new Hour(250, 225));
        look(1);
        now.replaceAll((key, hour) -> new Hour(hour.reads(), hour.reads() > 300 ? 10 * (hour.reads() - 300) : 60));
        look(30);
        assertThat(alerts.written)
                .as("the worst two of acme, of three that are watched, the one of zeta, and nobody else")
                .extracting(alert -> AnomalyEvents.watchedOf(alert).name())
                .containsExactlyInAnyOrder("space-3", "space-4", "feed");
        now.put("acme|space-3", new Hour(400, 360));
        look(30);
        assertThat(types().stream().filter("cache.anomaly.ended"::equals)).hasSize(1);
        assertThat(types().stream().filter("cache.anomaly.detected"::equals))
                .as("the third, once one has ended")
                .hasSize(4);
    }

    @Test
    void whatWasNotSeenInBetweenBeginsAnew() {
        now.put("acme|feed", new Hour(300, 90));
        feedOf.put(begin.minus(1, ChronoUnit.HOURS), new Hour(99, 99));
        look(8);
        now.put("acme|feed", new Hour(99, 9));
        look(1);
        now.put("acme|feed", new Hour(300, 90));
        look(8);
        assertThat(log.events).isEmpty();
    }

    @Test
    void verdictsAreToldByOthers() {
        Subject subject = Subject.CACHE;
        Alert verdict = VerdictEvents.alertOf(
                subject, "acme", Status.HEALTHY, new Said(Status.DEGRADED, 1, 50, List.of()), clock.instant());
        alerts.put(verdict.getId(), verdict).join();
        look(15);
        assertThat(log.events).isEmpty();
        assertThat(alerts.entries()).hasSize(1);
    }

    /** Failures and takeovers at random: each change has one event, and beginnings and ends alternate. */
    @Test
    void eachChangeHasOneEventWhateverHappens() {
        int told = 0;
        for (int seed = 0; seed < 15; seed++) {
            AnomalyWatchTest world = new AnomalyWatchTest();
            world.beginWithAnHour();
            world.runAtRandom(new Random(seed));
            told += world.log.events.size();
        }
        assertThat(told).isGreaterThan(15);
    }

    private void runAtRandom(Random random) {
        int hits = 270;
        for (int step = 0; step < 300; step++) {
            hits = Math.clamp(hits + random.nextInt(-30, 31), 200, 300);
            now.put("acme|feed", new Hour(300, hits));
            log.failing = random.nextInt(10) == 0;
            look(1);
            log.failing = false;
            if (random.nextInt(30) == 0) {
                watch = started();
            }
            watch.lookOnce();
        }
        List<String> changes = alerts.written.stream()
                .map(alert -> alert.getState() == AlertState.WARNING ? "cache.anomaly.detected" : "cache.anomaly.ended")
                .toList();
        assertThat(types()).containsExactlyElementsOf(changes);
        for (int i = 0; i < changes.size(); i++) {
            assertThat(changes.get(i)).isEqualTo(i % 2 == 0 ? "cache.anomaly.detected" : "cache.anomaly.ended");
        }
    }
}
