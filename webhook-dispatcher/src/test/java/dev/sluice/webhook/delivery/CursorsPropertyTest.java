package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.webhook.FakeLogTable;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * One partition with many endpoints that hang, fail, are paused and wait for one another, against the log itself: every delivery is done
 * with once, in the log's order where that is wanted, whatever is killed, and who is behind holds nobody up.
 */
class CursorsPropertyTest {
    static {
        TrustedRecords.load();
    }

    private static final long MILLI = 1_000_000L;

    /** What a dispatcher does with the one partition there is, by hand. */
    private static final class World {
        private final FakeClock clock = FakeClock.fixed();
        private final SimulatedTime time = new SimulatedTime();
        private final FakeLogTable<WebhookEndpointState> table = new FakeLogTable<>();
        private final List<WebhookDelivery> log = new ArrayList<>();
        private final Map<String, Allowance> allowed = new HashMap<>();
        /** Ends of what was begun, by offset; of this dispatcher. */
        private final Map<Long, CompletableFuture<Void>> under = new LinkedHashMap<>();

        private final Map<Long, Job> begun = new HashMap<>();
        /** Offsets in the order of their first success. */
        private final List<Long> succeeded = new ArrayList<>();

        private final Map<Long, Integer> successes = new HashMap<>();
        private final Map<Long, Integer> failures = new HashMap<>();
        private final TreeMap<Long, Boolean> unreleased = new TreeMap<>();
        private long next;
        private long passedOver;
        private EndpointGates gates = newGates();
        private Cursors cursors = newCursors();

        World() {
            cursors.assigned(0, 0);
        }

        private EndpointGates newGates() {
            return new EndpointGates(id -> allowed.getOrDefault(id, Allowance.UNLIMITED), time, time);
        }

        private Cursors newCursors() {
            return new Cursors(
                    new LaneLimits(64, 4, 10),
                    new LaneLimits(32, 2, 10),
                    this::begin,
                    gates,
                    new CursorTable(table),
                    time,
                    time,
                    clock,
                    () -> passedOver++);
        }

        private CompletionStage<?> begin(Job job, Cursors by) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            under.put(job.offset(), end);
            begun.put(job.offset(), job);
            return end;
        }

        void append(String endpointId) {
            log.add(delivery(endpointId));
        }

        /** The partition's reader brings one more. */
        void read() {
            if (next < log.size()) {
                long offset = next++;
                unreleased.put(offset, true);
                CompletionStage<?> stage = cursors.read(Job.read(log.get((int) offset), 0, offset));
                stage.whenComplete((done, failure) -> unreleased.remove(offset));
            }
        }

        void catchUp(int most) {
            Optional<Scans.Scan> scan = cursors.scans().next();
            if (scan.isEmpty()) {
                return;
            }
            long to = Math.min(scan.get().until(), scan.get().from() + most);
            for (long offset = scan.get().from(); offset < to; offset++) {
                WebhookDelivery delivery = log.get((int) offset);
                if (cursors.scans().wants(scan.get(), offset, delivery.getEndpointId())) {
                    cursors.scans().found(Job.read(delivery, 0, offset));
                }
            }
            cursors.scans().scanned(scan.get(), to);
        }

        void succeed(long offset) {
            if (successes.merge(offset, 1, Integer::sum) == 1) {
                succeeded.add(offset);
            }
            Objects.requireNonNull(under.remove(offset)).complete(null);
        }

        /** As a worker does it for an endpoint in order. */
        void failInOrder(long offset, Duration delay) {
            failures.merge(offset, 1, Integer::sum);
            Job job = Objects.requireNonNull(begun.get(offset));
            WebhookDelivery counted = WebhookDelivery.newBuilder(job.delivery())
                    .setAttempt(job.delivery().getAttempt() + 1)
                    .setDueAt(clock.instant().plus(delay))
                    .build();
            cursors.putBack(job, counted).toCompletableFuture().join();
            Objects.requireNonNull(under.remove(offset)).complete(null);
        }

        /** A process dies; the next one begins where the last commit was. */
        void killAndRestart() {
            under.clear();
            begun.clear();
            next = unreleased.isEmpty() ? next : unreleased.firstKey();
            unreleased.clear();
            gates = newGates();
            cursors = newCursors();
            cursors.assigned(0, next);
        }

        void stopAndRestart(Random random) {
            CompletableFuture<?> left = cursors.leave(0);
            while (!left.isDone()) {
                List<Long> offsets = List.copyOf(under.keySet());
                succeed(offsets.get(random.nextInt(offsets.size())));
            }
            cursors.gone(0);
            killAndRestart();
        }

        void pass(long millis) {
            clock.advance(Duration.ofMillis(millis));
            time.advance(millis * MILLI);
            cursors.tick();
        }

        String endpointOf(long offset) {
            return log.get((int) offset).getEndpointId();
        }
    }

    @RepeatedTest(60)
    void everyDeliveryIsDoneWithInItsOrderWhateverHappens(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        World world = new World();
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

    private static void end(World world, Random random) {
        if (world.under.isEmpty()) {
            return;
        }
        List<Long> offsets = List.copyOf(world.under.keySet());
        long offset = offsets.get(random.nextInt(offsets.size()));
        boolean inOrder = world.gates.isInOrder(world.endpointOf(offset));
        if (inOrder && random.nextInt(3) == 0 && world.failures.getOrDefault(offset, 0) < 3) {
            world.failInOrder(offset, Duration.ofMillis(random.nextInt(2_000)));
        } else {
            world.succeed(offset);
        }
    }

    private static void toggle(World world, String id) {
        Allowance before = world.allowed.getOrDefault(id, Allowance.UNLIMITED);
        world.allowed.put(id, new Allowance(!before.open(), before.inOrder(), before.atOnce(), Optional.empty()));
        world.gates.changed(id);
    }

    private static void assertInOrder(World world) {
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
        World world = new World();
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
            assertThat(world.cursors.outstanding()).as("in memory at a time").isLessThanOrEqualTo(50);
            List.copyOf(world.under.keySet()).forEach(world::succeed);
            assertThat(rounds).isLessThan(backlog);
        }
        assertThat(world.successes.values()).containsOnly(1);
        world.catchUp(1_000);
        assertThat(world.cursors.behind()).isZero();
    }

    @Test
    void thousandsThatHangHoldUpNeitherTheOthersNorWhatIsCommitted() {
        World world = new World();
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
        World world = new World();
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
    void whatTheLastOwnerStillWritesIsRefused() {
        World world = new World();
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

    private static WebhookDelivery delivery(String endpointId) {
        return WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("acme")
                .setEndpointId(endpointId)
                .setEventId("evt-1")
                .setEventType("a")
                .setEventTime(Instant.EPOCH)
                .setContentType("application/json")
                .setBody(ByteBuffer.allocate(0))
                .setAttempt(0)
                .setDueAt(Instant.EPOCH)
                .setCreatedAt(Instant.EPOCH)
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }
}
