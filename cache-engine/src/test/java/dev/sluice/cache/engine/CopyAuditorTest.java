package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A node that is looked over, on virtual time, and another whose changes it is told of or not. */
class CopyAuditorTest {

    private static final Duration PROPAGATION = Duration.ofSeconds(3);

    private record Wrong(CacheKey key, AuditFinding finding, long version, Duration wrongFor) {}

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel second = new FakeSecondLevel(clock);
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Wrong> reported = new ArrayList<>();
    private final TwoLevelCache here = node();
    private final TwoLevelCache there = node();
    private final CopyAuditor auditor = audit(10);
    private final CacheKey key = newKey();

    @AfterEach
    void close() {
        auditor.close();
        here.close();
        there.close();
    }

    @Test
    void findsCopiesThatAreRight() {
        put(there, "a");
        read();

        pass(Duration.ofSeconds(10));

        assertThat(count("consistent")).isEqualTo(100);
        assertThat(gauge("ratio")).isOne();
        assertThat(gauge("nines")).isBetween(1.5, 1.55);
        assertThat(reported).isEmpty();
    }

    @Test
    void findsACopyOfANodeThatWasNotToldAndRemovesIt() {
        put(there, "old");
        long version = read().entry().orElseThrow().version();
        clock.advance(Duration.ofSeconds(60));
        put(there, "new");
        clock.advance(Duration.ofSeconds(20));

        pass(Duration.ofMillis(3_100));

        assertThat(reported).containsExactly(new Wrong(key, AuditFinding.STALE, version, Duration.ofMillis(23_100)));
        assertThat(read().outcome()).isEqualTo(ReadOutcome.L2_HIT);
        assertThat(count("stale")).isOne();
        assertThat(gauge("ratio")).isLessThan(1);
    }

    @Test
    void findsACopyOfWhatWasDeletedAndOneOfWhatIsLost() {
        CacheKey lost = newKey();
        put(there, "a");
        read();
        await(here.put(lost, text("b"), HOUR, Condition.any()));
        await(there.delete(key, Condition.any()));
        second.lose(lost);

        pass(Duration.ofSeconds(4));

        assertThat(reported)
                .extracting(Wrong::key, Wrong::finding)
                .contains(tuple(key, AuditFinding.STALE), tuple(lost, AuditFinding.ORPHANED));
        assertThat(await(here.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
        assertThat(await(here.get(lost)).outcome()).isEqualTo(ReadOutcome.MISS);
    }

    @Test
    void aChangeOnItsWayIsNotWrong() {
        put(there, "old");
        read();
        long version = put(there, "new");
        pass(Duration.ofSeconds(2));
        here.invalidate(key, version);

        pass(Duration.ofSeconds(3));

        assertThat(reported).isEmpty();
        assertThat(count("settled")).isPositive();
        assertThat(count("stale")).isZero();
    }

    @Test
    void aChangeThatArrivesWhileItIsLookedAtAgainIsNotWrong() {
        put(there, "old");
        read();
        long version = put(there, "new");
        pass(Duration.ofSeconds(3));
        second.holdAnswers();
        pass(Duration.ofMillis(150));
        second.stopHolding();
        here.invalidate(key, version);
        assertThat(read().entry().orElseThrow().value()).isEqualTo(text("new"));

        second.releaseAll();
        pass(Duration.ofSeconds(4));

        assertThat(reported).isEmpty();
        assertThat(count("settled")).isPositive();
        assertThat(count("stale")).isZero();
    }

    @Test
    void aCopyThatIsNotServedIsNotLookedAt() {
        put(there, "old");
        read();
        put(there, "new");
        here.suspendFirstLevel();

        pass(Duration.ofSeconds(10));

        assertThat(reported).isEmpty();
        assertThat(count("consistent")).isZero();
    }

    @Test
    void whatCannotBeAskedIsNotJudged() {
        put(there, "a");
        read();
        second.become(FakeSecondLevel.Mood.FAILING);

        pass(Duration.ofSeconds(1));

        assertThat(count("unanswered")).isPositive();
        assertThat(gauge("ratio")).isNaN();
        second.become(FakeSecondLevel.Mood.WELL);
        assertThat(reported).isEmpty();
    }

    @Test
    void looksAtEachCopyInTurn() {
        for (int i = 0; i < 50; i++) {
            await(here.put(newKey(), text("a"), HOUR, Condition.any()));
        }
        int before = second.calls();
        List<CacheKey> wrong = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            CacheKey fresh = newKey();
            await(here.put(fresh, text("a"), HOUR, Condition.any()));
            second.lose(fresh);
            wrong.add(fresh);
        }
        assertThat(before).isEqualTo(50);

        pass(Duration.ofSeconds(14));

        assertThat(reported).extracting(Wrong::key).containsExactlyInAnyOrderElementsOf(wrong);
    }

    @Test
    void withoutASecondLevelNothingIsFound() {
        TwoLevelCache alone = TwoLevelCache.builder(CacheSettings.defaults())
                .clock(clock)
                .scheduler(scheduler)
                .build();
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        await(alone.put(key, text("a"), HOUR, Condition.any()));
        CopyAuditor idle = alone.audit(AuditSettings.defaults(), own, (wrong, finding, version, wrongFor) -> {
            throw new AssertionError("nothing can be wrong");
        });
        pass(Duration.ofSeconds(10));
        assertThat(await(alone.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        idle.close();
        assertThat(own.getMeters()).isEmpty();
    }

    /** Every change arrives within the time that it may take, in any order. */
    @RepeatedTest(50)
    void nothingIsWrongUnderLoadWhereEverybodyIsTold(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<CacheKey> keys = List.of(newKey(), newKey(), newKey());
        for (int step = 0; step < 300; step++) {
            CacheKey changed = keys.get(random.nextInt(keys.size()));
            await(here.get(keys.get(random.nextInt(keys.size()))));
            long version = random.nextInt(4) == 0
                    ? await(there.delete(changed, Condition.any())).version()
                    : put(there, changed, "v" + step);
            Duration late = Duration.ofMillis(random.nextLong(PROPAGATION.toMillis() - 1));
            scheduler.schedule(() -> here.invalidate(changed, version), late.toMillis(), TimeUnit.MILLISECONDS);
            pass(Duration.ofMillis(random.nextInt(200)));
        }
        assertThat(reported).isEmpty();
        assertThat(count("consistent") + count("settled")).isPositive();
    }

    @Test
    void refusesAPaceThatIsNone() {
        assertThatThrownBy(() -> new AuditSettings(-1, PROPAGATION)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AuditSettings(1001, PROPAGATION)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AuditSettings(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private TwoLevelCache node() {
        return TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(second)
                .clock(clock)
                .scheduler(scheduler)
                .build();
    }

    private CopyAuditor audit(int perSecond) {
        return here.audit(
                new AuditSettings(perSecond, PROPAGATION),
                meters,
                (wrong, finding, version, wrongFor) -> reported.add(new Wrong(wrong, finding, version, wrongFor)));
    }

    private long put(TwoLevelCache node, String value) {
        return put(node, key, value);
    }

    private static long put(TwoLevelCache node, CacheKey key, String value) {
        return await(node.put(key, text(value), HOUR, Condition.any())).entry().version();
    }

    private ReadResult read() {
        return await(here.get(key));
    }

    /** Both clocks, together, in small steps. */
    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 50) {
            Duration step = Duration.ofMillis(Math.min(50, left));
            clock.advance(step);
            scheduler.advanceTimeBy(step);
        }
    }

    private double count(String result) {
        return meters.get("sluice.cache.audit.copies")
                .tag("result", result)
                .counter()
                .count();
    }

    private double gauge(String name) {
        return meters.get("sluice.cache.consistency." + name).gauge().value();
    }
}
