package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookEndpointState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * One partition with many endpoints that hang, fail, are paused and wait for one another, against the log itself: every delivery is done
 * with once, in the log's order where that is wanted, whatever is killed, and who is behind holds nobody up.
 */
class CursorsPropertyTest {
    @RepeatedTest(60)
    void everyDeliveryIsDoneWithInItsOrderWhateverHappens(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        CursorsWorld world = new CursorsWorld();
        int endpoints = 1 + random.nextInt(12);
        boolean kills = repetition.getCurrentRepetition() % 2 == 0;
        for (int i = 0; i < endpoints; i += 2) {
            world.allowed.put("ep_" + i, new Allowance(true, true, 1, Optional.empty()));
        }
        int most = 300 + random.nextInt(500);
        for (int step = 0; step < 12_000; step++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> {
                    if (world.log.size() < most) {
                        world.append("ep_" + Math.max(0, random.nextInt(2 * endpoints) - endpoints));
                    }
                }
                case 2, 3, 4 -> world.read();
                case 5, 6 -> world.catchUp(1 + random.nextInt(50));
                case 7, 8, 9 -> end(world, random);
                case 10 -> world.pass(random.nextInt(400));
                default -> {
                    int rare = random.nextInt(300);
                    if (rare < 20) {
                        toggle(world, "ep_" + random.nextInt(endpoints));
                    } else if (rare == 20 && kills) {
                        world.killAndRestart();
                    } else if (rare == 21) {
                        world.stopAndRestart(random);
                    }
                }
            }
        }
        world.allowed.replaceAll(
                (id, allowance) -> new Allowance(true, allowance.inOrder(), allowance.atOnce(), Optional.empty()));
        world.allowed.keySet().forEach(world.gates::changed);
        for (int round = 0; round < 20_000 && world.succeeded.size() < world.log.size(); round++) {
            world.read();
            world.catchUp(100);
            if (!world.under.isEmpty()) {
                world.succeed(world.under.keySet().iterator().next());
            }
            world.pass(50);
        }
        assertThat(world.succeeded).as("all of them").hasSize(world.log.size());
        if (!kills) {
            assertThat(world.successes.values()).as("without a kill, once").containsOnly(1);
        }
        assertInOrder(world);
        for (int i = 0; i < 10; i++) {
            world.catchUp(1_000);
            world.pass(1_000);
        }
        assertThat(world.cursors.behind()).as("all have caught up").isZero();
        assertThat(world.cursors.outstanding()).isZero();
        assertThat(world.table.entries())
                .as("nothing is remembered of those that keep up")
                .isEmpty();
        assertThat(world.unreleased).isEmpty();
    }

    private static void end(CursorsWorld world, Random random) {
        if (world.under.isEmpty()) {
            return;
        }
        List<Long> offsets = List.copyOf(world.under.keySet());
        long offset = offsets.get(random.nextInt(offsets.size()));
        boolean inOrder = world.gates.isInOrder(world.endpointOf(offset));
        if (inOrder && random.nextInt(3) == 0 && world.failures.getOrDefault(offset, 0) < 3) {
            world.failInOrder(offset, Duration.ofMillis(random.nextInt(2_000)));
        } else if (!inOrder && random.nextInt(3) == 0) {
            world.sent(offset);
        } else {
            world.succeed(offset);
        }
    }

    private static void toggle(CursorsWorld world, String id) {
        Allowance before = world.allowed.getOrDefault(id, Allowance.UNLIMITED);
        world.allowed.put(id, new Allowance(!before.open(), before.inOrder(), before.atOnce(), Optional.empty()));
        world.gates.changed(id);
    }

    private static void assertInOrder(CursorsWorld world) {
        Map<String, Long> last = new HashMap<>();
        for (long offset : world.succeeded) {
            String id = world.endpointOf(offset);
            if (world.gates.isInOrder(id)) {
                assertThat(offset).as("after %s of %s", last.get(id), id).isGreaterThan(last.getOrDefault(id, -1L));
                last.put(id, offset);
            }
        }
    }

    @Test
    void aHundredThousandBehindOnePausedEndpointHoldNobodyUpAndAreDrained() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("paused", new Allowance(false, false, Integer.MAX_VALUE, Optional.empty()));
        int backlog = 100_000;
        for (int i = 0; i < backlog; i++) {
            world.append("paused");
            world.read();
        }
        assertThat(world.unreleased).as("the partition's reader remembers none").isEmpty();
        assertThat(world.cursors.outstanding()).as("nor does anybody else").isZero();
        for (int i = 0; i < 100; i++) {
            world.append("other");
            world.read();
            assertThat(world.under).as("begun at once").hasSize(1);
            world.succeed(world.log.size() - 1L);
            world.catchUp(1_000);
        }
        world.allowed.remove("paused");
        world.gates.changed("paused");
        int rounds = 0;
        while (world.succeeded.size() < world.log.size()) {
            rounds++;
            world.catchUp(500);
            assertThat(world.cursors.outstanding()).as("in memory at a time").isLessThanOrEqualTo(Cursor.LEAST_AHEAD);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
            assertThat(rounds).isLessThan(backlog);
        }
        assertThat(world.successes.values()).containsOnly(1);
        world.catchUp(1_000);
        assertThat(world.cursors.behind()).isZero();
    }

    @Test
    void whoIsDoneWithManyIsReadFurtherAheadAndWhoIsNotIsNot() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("fast", new Allowance(false, false, Integer.MAX_VALUE, Optional.empty()));
        for (int i = 0; i < 5_000; i++) {
            world.append("fast");
            world.read();
        }
        world.allowed.remove("fast");
        world.gates.changed("fast");
        drain(world, 300);
        assertThat(world.cursors.outstanding()).isLessThanOrEqualTo(Cursor.LEAST_AHEAD);

        world.pass(250);
        world.catchUp(5_000);
        assertThat(world.cursors.outstanding()).as("as many as it did").isBetween(200, 400);
        drain(world, 2_500);
        world.pass(250);
        world.catchUp(5_000);
        assertThat(world.cursors.outstanding()).as("within a bound").isEqualTo(Cursor.MOST_AHEAD);

        world.pass(250);
        while (!world.under.isEmpty() && world.cursors.outstanding() > 2 * Cursor.LEAST_AHEAD) {
            List.copyOf(world.under.keySet()).forEach(world::succeed);
        }
        world.pass(250);
        world.pass(250);
        world.catchUp(5_000);
        assertThat(world.cursors.outstanding()).as("it was idle").isLessThanOrEqualTo(2 * Cursor.LEAST_AHEAD);
    }

    @Test
    void ofOneThatIsBehindAKillRepeatsAHundredAtMostHoweverFastItIs() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("fast", new Allowance(false, false, Integer.MAX_VALUE, Optional.empty()));
        for (int i = 0; i < 1_000; i++) {
            world.append("fast");
            world.read();
        }
        world.allowed.remove("fast");
        world.gates.changed("fast");
        drain(world, 350);
        world.killAndRestart();
        drain(world, 1_000);

        assertThat(world.successes.values().stream()
                        .mapToInt(times -> times - 1)
                        .sum())
                .isLessThan(100);
    }

    private static void drain(CursorsWorld world, int until) {
        while (world.succeeded.size() < until) {
            world.catchUp(100);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
        }
    }

    /** Nothing but the log of deliveries would tell, and nobody reads that to the end for each question. */
    @RepeatedTest(30)
    void whatWaitsIsCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        CursorsWorld world = new CursorsWorld();
        List<String> ids = List.of("a", "b", "c");
        for (int step = 0; step < 2_000; step++) {
            String id = ids.get(random.nextInt(ids.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> world.append(id);
                case 2, 3 -> world.read();
                case 4 -> world.catchUp(1 + random.nextInt(20));
                case 5 -> end(world, random);
                case 6 -> world.pass(random.nextInt(300));
                default -> {
                    if (random.nextInt(10) == 0) {
                        toggle(world, id);
                    } else if (random.nextInt(20) == 0) {
                        world.stopAndRestart(random);
                    }
                }
            }
            assertThat(world.cursors.pending()).isEqualTo(waiting(world));
        }
        world.killAndRestart();
        assertThat(world.cursors.pending()).isBetween(0L, waiting(world));
        world.pass(6_000);
        assertThat(world.table.entries().stream()
                        .mapToLong(
                                entry -> entry.value().getLaggards().getFirst().getPending())
                        .sum())
                .as("it is told before long")
                .isEqualTo(world.cursors.pending());
    }

    private static long waiting(CursorsWorld world) {
        return LongStream.range(0, world.next)
                .filter(offset -> world.table.find(world.endpointOf(offset)).isPresent())
                .filter(offset -> !world.successes.containsKey(offset))
                .count();
    }

    @Test
    void thousandsThatHangHoldUpNeitherTheOthersNorWhatIsCommitted() {
        CursorsWorld world = new CursorsWorld();
        Set<String> hanging = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            hanging.add("hangs_" + i);
            world.allowed.put("hangs_" + i, new Allowance(false, i % 2 == 0, Integer.MAX_VALUE, Optional.empty()));
        }
        for (String id : hanging) {
            for (int i = 0; i < 3; i++) {
                world.append(id);
                world.read();
            }
            world.append("other");
            world.read();
            world.succeed(world.log.size() - 1L);
        }
        assertThat(world.unreleased).isEmpty();
        assertThat(world.cursors.behind()).isEqualTo(2_000);
        assertThat(world.cursors.outstanding()).isZero();

        world.killAndRestart();
        assertThat(world.cursors.behind()).as("as it stands on the log").isEqualTo(2_000);
        hanging.forEach(world.allowed::remove);
        hanging.forEach(world.gates::changed);
        while (world.succeeded.size() < world.log.size()) {
            world.catchUp(10_000);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
        }
        assertThat(world.successes.values()).containsOnly(1);
    }

    @Test
    void oneThatTakesLongIsRememberedByItself() {
        CursorsWorld world = new CursorsWorld();
        world.append("slow");
        world.append("other");
        world.read();
        world.read();
        world.succeed(1);
        assertThat(world.unreleased).containsOnlyKeys(0L);
        world.pass(1_500);
        assertThat(world.unreleased).as("what is committed goes on").isEmpty();
        assertThat(world.table
                        .find("slow")
                        .orElseThrow()
                        .getLaggards()
                        .getFirst()
                        .getOffset())
                .isZero();
        world.killAndRestart();
        world.catchUp(10);
        assertThat(world.under).containsOnlyKeys(0L);
    }

    @Test
    void whileABreakerIsOpenNothingWaitsInMemoryAndASuccessorKnows() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("a", new Allowance(true, false, 8, Optional.empty()));
        for (int i = 0; i < 8; i++) {
            world.append("a");
            world.read();
        }
        List<Long> failing = List.copyOf(world.under.keySet());
        failing.forEach(offset -> world.cursors.answered(
                Objects.requireNonNull(world.begun.get(offset)), new Reaction(false, false, Optional.empty()), 0));
        failing.forEach(world::succeed);
        assertThat(world.under).isEmpty();
        world.pass(500);
        assertThat(world.cursors.outstanding()).isZero();
        assertThat(world.unreleased).isEmpty();
        WebhookEndpointState state = world.table.find("a").orElseThrow();
        assertThat(state.getBreaker()).isEqualTo(WebhookBreaker.OPEN);
        assertThat(state.getConsecutiveFailures()).isGreaterThanOrEqualTo(3);

        world.killAndRestart();
        world.catchUp(100);
        assertThat(world.under).isEmpty();
        world.pass(5_000);
        world.catchUp(100);
        assertThat(world.under).as("the probe").hasSize(1);
        long probe = world.under.keySet().iterator().next();
        world.cursors.answered(
                Objects.requireNonNull(world.begun.get(probe)), new Reaction(true, false, Optional.empty()), 0);
        world.succeed(probe);
        for (int i = 0; i < 10; i++) {
            world.catchUp(100);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
        }
        assertThat(world.succeeded).hasSize(8);
        world.pass(500);
        world.catchUp(100);
        assertThat(world.table.entries()).isEmpty();
    }

    @Test
    void whatTheLastOwnerStillWritesIsRefused() {
        CursorsWorld world = new CursorsWorld();
        world.allowed.put("a", new Allowance(false, true, 1, Optional.empty()));
        world.append("a");
        world.append("a");
        world.read();
        Cursors lastOwner = world.cursors;
        world.killAndRestart();
        long position =
                world.table.find("a").orElseThrow().getLaggards().getFirst().getOffset();

        CompletableFuture<?> _ = lastOwner.leave(0);
        assertThat(world.table.find("a").orElseThrow().getLaggards().getFirst().getOffset())
                .isEqualTo(position);
        world.read();
        world.allowed.remove("a");
        world.gates.changed("a");
        for (int i = 0; i < 5; i++) {
            world.catchUp(10);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
        }
        assertThat(world.succeeded).containsExactly(0L, 1L);
    }
}
