package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine with one processor, which does one thing after the other: what is new comes by chance, and what is old whenever it may. */
class RestraintTest {
    static {
        TrustedRecords.load();
    }

    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;
    /** What one delivery costs the processor: to be sent, and to be put on the log afterwards, of which nobody waits for the latter. */
    private static final long SENDING = 90 * MICRO;

    private static final long WRITING = 60 * MICRO;
    /** As much as the processor can do in a second. */
    private static final double CAPACITY = (double) SECOND / (SENDING + WRITING);

    private static final long ROUND_TRIP = MILLI;
    private static final int BEHIND = 40;

    private final SimulatedTime time = new SimulatedTime();
    private final Restraint restraint = new Restraint(time, time);
    private final EndpointGates gates = new EndpointGates(
            id -> new Allowance(true, false, 1_000, Optional.empty()),
            new BreakerLimits(3, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30)),
            time,
            time);
    private final Map<String, Integer> waiting = new HashMap<>();
    private final List<Double> waits = new ArrayList<>();
    private final Random random = new Random(7);
    private long busyUntil;
    private long drained;
    private boolean comes;
    /** Of what is said of how late something is: clocks of machines differ. */
    private Duration skew = Duration.ZERO;

    /** What is begun of one is followed by the next of it, as it is read ahead. */
    private CompletionStage<?> work(Job job) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        processor(
                SENDING,
                () -> time.in(ROUND_TRIP, () -> {
                    job.sent().complete(null);
                    processor(WRITING, () -> {
                        drained++;
                        done.complete(null);
                    });
                }));
        return done;
    }

    private void processor(long nanos, Runnable then) {
        busyUntil = Math.max(busyUntil, time.elapsed()) + nanos;
        time.in(busyUntil - time.elapsed(), then);
    }

    private void offer(Lanes lanes, String id) {
        int left = waiting.merge(id, -1, Integer::sum);
        if (left < 0) {
            return;
        }
        Job job = Job.readAgain(delivery(id), 0, left);
        assertThat(lanes.offer(job)).isTrue();
        CompletableFuture<?> _ = job.done().thenRun(() -> {
            offer(lanes, id);
            lanes.startWhatMay();
        });
    }

    /** So many wait for each of those that are behind. */
    private Lanes resume(Lanes.Room room, int each) {
        Lanes lanes = new Lanes(new LaneLimits(128, 8, 100), gates, room, this::work);
        for (int i = 0; i < BEHIND; i++) {
            waiting.put("behind-" + i, each);
        }
        for (int i = 0; i < BEHIND; i++) {
            for (int ahead = 0; ahead < 100; ahead++) {
                offer(lanes, "behind-" + i);
            }
        }
        lanes.startWhatMay();
        return lanes;
    }

    /** Something new comes by chance, so often; it is late when the processor is. */
    private void newcomers(double perSecond) {
        comes = true;
        time.in((long) (-Math.log(1 - random.nextDouble()) / perSecond * SECOND), () -> {
            if (!comes) {
                return;
            }
            long at = time.elapsed();
            processor(SENDING, () -> {
                long late = time.elapsed() - at;
                waits.add(late / (double) MILLI);
                restraint.came(Duration.ofNanos(late).plus(skew));
                processor(WRITING, () -> {});
            });
            newcomers(perSecond);
        });
    }

    private double p99Of(Duration duration) {
        waits.clear();
        time.advance(duration.toNanos());
        List<Double> sorted = new ArrayList<>(waits);
        Collections.sort(sorted);
        return sorted.get(sorted.size() * 99 / 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3_000, -3_000})
    void whatIsNewDoesNotMissWhatTheOldGets(int skewMillis) {
        skew = Duration.ofMillis(skewMillis);
        newcomers(600);
        double before = p99Of(Duration.ofSeconds(20));
        resume(restraint, 100_000 / BEHIND);
        double meanwhile = p99Of(Duration.ofSeconds(15));

        assertThat(meanwhile).as("ms, and %s before", before).isLessThan(before + 12);
        assertThat(drained).as("most of what nobody wanted").isGreaterThan((long) (0.5 * 15 * (CAPACITY - 600)));
        time.advance(60 * SECOND);
        assertThat(drained).isEqualTo(100_000);
    }

    @Test
    void withoutItWhatIsNewWouldMissIt() {
        newcomers(600);
        double before = p99Of(Duration.ofSeconds(20));
        resume(Lanes.Room.ENDLESS, 100_000 / BEHIND);
        assertThat(p99Of(Duration.ofSeconds(5))).as("ms, and %s before", before).isGreaterThan(before + 15);
    }

    @Test
    void whereNothingNewComesTheOldHasAll() {
        resume(restraint, 1_000_000 / BEHIND);
        time.advance(5 * SECOND);
        long first = drained;
        time.advance(5 * SECOND);
        assertThat(drained - first).isGreaterThan((long) (0.95 * 5 * CAPACITY));
    }

    @Test
    void onceNothingNewComesAnyMoreTheOldHasAll() {
        newcomers(CAPACITY * 0.9);
        time.advance(20 * SECOND);
        resume(restraint, 1_000_000 / BEHIND);
        time.advance(5 * SECOND);
        comes = false;
        time.advance(15 * SECOND);
        long first = drained;
        time.advance(5 * SECOND);
        assertThat(drained - first).isGreaterThan((long) (0.95 * 5 * CAPACITY));
    }

    @Test
    void theOldComesToAnEndOnAMachineThatIsAlwaysBusy() {
        newcomers(10);
        time.advance(5 * SECOND);
        // As if each came later than the one before: nothing helps.
        for (int i = 1; i <= 600; i++) {
            int late = i;
            time.in(i * (100 * MILLI), () -> restraint.came(Duration.ofMillis(20L * late)));
        }
        resume(restraint, 1_000_000 / BEHIND);
        time.advance(60 * SECOND);
        assertThat(drained).isGreaterThan((long) (0.9 * 60 * Restraint.LEAST));
    }

    /** Others on the machine may make everything late for as long as they are there. */
    @Test
    void whatIsNotItsDoingDoesNotHoldItBackForEver() {
        newcomers(100);
        time.advance(20 * SECOND);
        skew = Duration.ofMillis(80);
        resume(restraint, 1_000_000 / BEHIND);
        time.advance(2 * SECOND);
        assertThat(restraint.perSecond()).as("it might be").isLessThan(2 * Restraint.LEAST);
        time.advance(30 * SECOND);
        assertThat(restraint.perSecond()).isGreaterThan(10 * Restraint.LEAST);
    }

    @Test
    void itBeginsWithLittleAfterItHadNothingToDo() {
        newcomers(100);
        resume(restraint, 10);
        time.advance(30 * SECOND);
        assertThat(drained).isEqualTo(10 * BEHIND);
        assertThat(restraint.perSecond()).isEqualTo(Restraint.LEAST);
    }

    private static WebhookDelivery delivery(String endpointId) {
        return WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("tenant-of-" + endpointId)
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
