package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What waits for days is given up before the log forgets it; and what is refused once is not in the way of the others. */
class LongWaitTest {

    private static final Duration LONGEST = Duration.ofDays(6);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Allowance PAUSED = new Allowance(false, false, 1_000, Optional.empty());

    @RepeatedTest(20)
    void whatTheLogForgetsWasDeliveredOrGivenUp(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        CursorsWorld world = new CursorsWorld();
        int endpoints = 6;
        for (int hour = 0; hour < 24 * 20; hour++) {
            int id = random.nextInt(endpoints);
            // Some are paused for days, some in order, one is always paused.
            boolean open = id != 0 && random.nextInt(30) != 0;
            if (id == 0 || random.nextInt(20) == 0) {
                world.allowed.put("ep_" + id, new Allowance(open, id % 2 == 0, 1_000, Optional.empty()));
                world.gates.changed("ep_" + id);
            }
            for (int i = 0; i < random.nextInt(3); i++) {
                world.append("ep_" + random.nextInt(endpoints));
                world.read();
            }
            world.cursors.scans().freshFrom(0, world.firstSince(LONGEST));
            world.forgotten = world.firstSince(KEPT);
            for (int i = 0; i < 5; i++) {
                world.catchUp(100);
                List.copyOf(world.under.keySet()).forEach(world::succeed);
            }
            if (random.nextInt(60) == 0) {
                world.killAndRestart();
            }
            world.pass(Duration.ofHours(1).toMillis());
            for (long offset = 0; offset < world.forgotten; offset++) {
                assertThat(world.successes.containsKey(offset) || world.expired.containsKey(offset))
                        .as("%s, for %s, is forgotten", offset, world.endpointOf(offset))
                        .isTrue();
            }
        }
        assertThat(world.expired).isNotEmpty();
        assertThat(world.expired.keySet()).as("and no sooner").allMatch(offset -> offset < world.firstSince(LONGEST));
        assertThat(world.cursors.outstanding()).isZero();
    }

    @Test
    void whatIsYoungWaitsOn() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("a", PAUSED);
        for (int i = 0; i < 10; i++) {
            world.append("a");
            world.read();
            world.pass(Duration.ofDays(1).toMillis());
        }
        world.cursors.scans().freshFrom(0, world.firstSince(LONGEST));
        for (int i = 0; i < 5; i++) {
            world.catchUp(3);
        }
        assertThat(world.expired.keySet()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
        world.pass(1_000);
        assertThat(world.table.find("a").orElseThrow().getLaggards().getFirst().getOffset())
                .as("from there on it waits")
                .isEqualTo(4);
        assertThat(world.under).isEmpty();

        world.allowed.remove("a");
        world.gates.changed("a");
        for (int i = 0; i < 30; i++) {
            world.catchUp(100);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
            world.pass(100);
        }
        assertThat(world.succeeded).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void whatIsDoneWithBehindOneThatWasPutBackIsNotDoneAgain() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("a", new Allowance(true, false, 1_000, Optional.empty()));
        for (int i = 0; i < 3; i++) {
            world.append("a");
            world.read();
        }
        world.allowed.put("a", PAUSED);
        world.putBack(0);
        world.succeed(1);
        world.succeed(2);
        world.allowed.remove("a");
        world.gates.changed("a");
        world.catchUp(100);
        assertThat(world.under).containsOnlyKeys(0L);
        world.succeed(0);
        world.catchUp(100);
        assertThat(world.under).isEmpty();
        world.pass(1_000);
        assertThat(world.cursors.behind()).isZero();
    }

    @Test
    void aReceiverThatTakesWhatItRefusedOnceGetsAllOfItSoon() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("a", new Allowance(true, false, 2, Optional.empty()));
        int deliveries = 200;
        for (int i = 0; i < deliveries; i++) {
            world.append("a");
        }
        int attempts = 0;
        int seconds = 0;
        while (world.succeeded.size() < deliveries && seconds < 36_000) {
            seconds++;
            for (int i = 0; i < 10; i++) {
                world.read();
            }
            world.catchUp(1_000);
            for (long offset : List.copyOf(world.under.keySet())) {
                attempts++;
                if (attemptsOf(world, offset) == 0) {
                    world.fail(offset, Duration.ofSeconds(5));
                } else {
                    world.answerWell(offset);
                }
            }
            world.pass(1_000);
        }
        assertThat(world.succeeded).hasSize(deliveries);
        assertThat(attempts).as("each is refused once").isEqualTo(2 * deliveries);
        assertThat(seconds)
                .as("a minute's work at two a second, with some probes; half a minute for each of them, it was")
                .isLessThan(1_200);
    }

    private static int attemptsOf(CursorsWorld world, long offset) {
        return Objects.requireNonNull(world.begun.get(offset)).delivery().getAttempt();
    }
}
