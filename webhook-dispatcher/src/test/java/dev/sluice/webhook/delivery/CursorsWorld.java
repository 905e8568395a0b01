package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a dispatcher does with the one partition there is, by hand. */
final class CursorsWorld {
    static {
        TrustedRecords.load();
    }

    private static final long MILLI = 1_000_000L;

    final FakeClock clock = FakeClock.fixed();
    final SimulatedTime time = new SimulatedTime();
    final FakeLogTable<WebhookEndpointState> table = new FakeLogTable<>();
    final List<WebhookDelivery> log = new ArrayList<>();
    /** When each was put on the log. */
    final List<Instant> written = new ArrayList<>();

    final Map<String, Allowance> allowed = new HashMap<>();
    /** Ends of what was begun, by offset; of this dispatcher. */
    final Map<Long, CompletableFuture<Void>> under = new LinkedHashMap<>();

    final Map<Long, Job> begun = new HashMap<>();
    /** Offsets in the order of their first success. */
    final List<Long> succeeded = new ArrayList<>();

    /** Offsets that were given up without an attempt. */
    final Map<Long, Integer> expired = new HashMap<>();

    final Map<Long, Integer> successes = new HashMap<>();
    final Map<Long, Integer> failures = new HashMap<>();
    final TreeMap<Long, Boolean> unreleased = new TreeMap<>();
    long next;
    long passedOver;
    /** What stands before is not on the log any more. */
    long forgotten;

    EndpointGates gates = newGates();
    Cursors cursors = newCursors();

    CursorsWorld() {
        cursors.assigned(0, 0);
    }

    private EndpointGates newGates() {
        return new EndpointGates(
                id -> allowed.getOrDefault(id, Allowance.UNLIMITED),
                new BreakerLimits(3, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30)),
                time,
                time);
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
        if (job.isExpired()) {
            expired.merge(job.offset(), 1, Integer::sum);
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> end = new CompletableFuture<>();
        under.put(job.offset(), end);
        begun.put(job.offset(), job);
        return end;
    }

    void append(String endpointId) {
        log.add(delivery(endpointId, clock.instant()));
        written.add(clock.instant());
    }

    /** The first that is no older; the end when all are. */
    long firstSince(Duration age) {
        Instant since = clock.instant().minus(age);
        long first = 0;
        while (first < written.size() && written.get((int) first).isBefore(since)) {
            first++;
        }
        return first;
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
        long from = Math.max(scan.get().from(), forgotten);
        long to = Math.min(scan.get().until(), from + most);
        for (long offset = from; offset < to; offset++) {
            WebhookDelivery delivery = log.get((int) offset);
            if (cursors.scans().wants(scan.get(), offset, delivery.getEndpointId())) {
                cursors.scans().found(Job.read(delivery, 0, offset));
            }
        }
        cursors.scans().scanned(scan.get(), Math.max(from, to));
    }

    /** Its receiver has it; the log does not know yet. */
    void sent(long offset) {
        Objects.requireNonNull(begun.get(offset)).sent().complete(null);
    }

    void succeed(long offset) {
        if (successes.merge(offset, 1, Integer::sum) == 1) {
            succeeded.add(offset);
        }
        Objects.requireNonNull(under.remove(offset)).complete(null);
    }

    /** As a worker does it when the endpoint was paused since its turn came. */
    void putBack(long offset) {
        Job job = Objects.requireNonNull(begun.get(offset));
        cursors.putBack(job, job.delivery()).toCompletableFuture().join();
        Objects.requireNonNull(under.remove(offset)).complete(null);
    }

    /** The receiver takes it. */
    void answerWell(long offset) {
        cursors.answered(
                Objects.requireNonNull(begun.get(offset)),
                new Reaction(true, false, Optional.empty()),
                time.getAsLong());
        succeed(offset);
    }

    /** As a worker does it; what is tried again later is put on the log again when it is due. */
    void fail(long offset, Duration delay) {
        Job job = Objects.requireNonNull(begun.get(offset));
        cursors.answered(job, new Reaction(false, false, Optional.empty()), time.getAsLong());
        WebhookDelivery counted = counted(job, delay);
        if (cursors.isNextProbe(job, counted)) {
            cursors.putBack(job, counted).toCompletableFuture().join();
        } else {
            time.in(delay.toNanos(), () -> {
                log.add(counted);
                written.add(clock.instant());
            });
        }
        Objects.requireNonNull(under.remove(offset)).complete(null);
    }

    private WebhookDelivery counted(Job job, Duration delay) {
        return WebhookDelivery.newBuilder(job.delivery())
                .setAttempt(job.delivery().getAttempt() + 1)
                .setDueAt(clock.instant().plus(delay))
                .build();
    }

    /** As a worker does it for an endpoint in order. */
    void failInOrder(long offset, Duration delay) {
        failures.merge(offset, 1, Integer::sum);
        Job job = Objects.requireNonNull(begun.get(offset));
        cursors.putBack(job, counted(job, delay)).toCompletableFuture().join();
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

    private static WebhookDelivery delivery(String endpointId, Instant now) {
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
                .setCreatedAt(now)
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }
}
