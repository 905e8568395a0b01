package dev.sluice.webhook.delivery;

import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpointState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How far one endpoint is on its partition. As long as it keeps up, the partition's reader brings it its deliveries. Once it is behind it
 * has a place of its own: the reader passes its deliveries over, and they are read again from there. Offsets are those of the partition;
 * those in between belong to others. Not thread-safe.
 */
final class Cursor {

    /**
     * What is known of the delivery that is read again next.
     *
     * @param attempts that were made of it
     * @param dueAt not to be tried before
     */
    record Head(long offset, int attempts, Instant dueAt) {}

    private record Taken(@Nullable Job job, long atNanos) {
        boolean isDone() {
            return job == null;
        }
    }

    private static final int FAR = 100;
    /** Deliveries that are read again at a time: what it has done since the last look, within these. */
    static final int LEAST_AHEAD = 100;

    static final int MOST_AHEAD = 1_000;
    /** What came since is not counted after a kill. */
    private static final Duration COUNT_FOR = Duration.ofSeconds(5);

    private final String endpointId;
    private final String tenant;
    private final int partition;
    /** What was taken from the first on that is not done with. */
    private final TreeMap<Long, Taken> taken = new TreeMap<>();

    private int outstanding;
    private boolean behind;
    private long next;
    private @Nullable Head head;
    private @Nullable Instant waitingSince;
    private long written = -1;
    private int doneSinceWritten;
    private int doneSinceLook;
    private int ahead = LEAST_AHEAD;
    /** Of one that is behind: what waits, under way or not; null when that is not known. */
    private @Nullable Long pending;
    /** Before that, all of it is counted. */
    private long countedUntil;

    private @Nullable Long pendingWritten;
    private @Nullable Instant countWritten;
    private CompletableFuture<@Nullable Void> placed = CompletableFuture.completedFuture(null);

    Cursor(String endpointId, String tenant, int partition) {
        this.endpointId = endpointId;
        this.tenant = tenant;
        this.partition = partition;
    }

    String endpointId() {
        return endpointId;
    }

    /** Takes a delivery; false when it was taken already. */
    boolean take(Job job, long nowNanos) {
        if (taken.putIfAbsent(job.offset(), new Taken(job, nowNanos)) != null) {
            return false;
        }
        outstanding++;
        return true;
    }

    /** Whether this very delivery is taken and not done with. */
    boolean holds(Job job) {
        Taken found = taken.get(job.offset());
        return found != null && job.equals(found.job());
    }

    /** It is done with; false when it was not held. */
    boolean done(Job job) {
        if (!holds(job)) {
            return false;
        }
        taken.put(job.offset(), new Taken(null, 0));
        outstanding--;
        doneSinceWritten++;
        doneSinceLook++;
        pending = pending == null ? null : Long.valueOf(Math.max(0, pending - 1));
        forgetDone();
        if (head != null && head.offset() < position()) {
            head = null;
        }
        return true;
    }

    /** What was put back from before it is read again, and so is what stands behind: until then it is known what of that is done with. */
    private void forgetDone() {
        while (!taken.isEmpty() && taken.firstEntry().getValue().isDone() && (!behind || taken.firstKey() < next)) {
            taken.pollFirstEntry();
        }
    }

    /** It was not worked on, and is read again; only of one that is behind. False when it was not held. */
    boolean putBack(Job job) {
        if (!holds(job)) {
            return false;
        }
        taken.remove(job.offset());
        outstanding--;
        next = Math.min(next, job.offset());
        return true;
    }

    /** It has a place of its own from now on: what stands there and behind is read again, but for what was taken. */
    void fallBehind(long from) {
        behind = true;
        next = from;
        counted((long) outstanding, from);
    }

    /** It is where its last owner has put it. */
    void takeOver(LaggardPosition place) {
        fallBehind(place.getOffset());
        counted(place.getPending(), place.getCountedUntil());
        waitsSince(place.getWaitingSince());
    }

    /** So many wait, of which all stand before that offset; null when nobody has counted them. */
    private void counted(@Nullable Long waiting, @Nullable Long until) {
        pending = until == null ? null : waiting;
        countedUntil = until == null ? 0 : until;
    }

    /** The partition's reader has passed over one that is read again later. */
    void passedOver(long offset) {
        if (pending != null && offset >= countedUntil) {
            pending++;
            countedUntil = offset + 1;
        }
    }

    /** How many wait for one that is behind, as far as that is known. */
    OptionalLong pending() {
        return behind && pending != null ? OptionalLong.of(pending) : OptionalLong.empty();
    }

    /** Whether more or fewer wait than the log knows, and that is long ago. */
    boolean isCountStale(Instant now) {
        return behind
                && !Objects.equals(pending, pendingWritten)
                && (countWritten == null || countWritten.plus(COUNT_FOR).isBefore(now));
    }

    /** The partition's reader brings it everything from now on. */
    void catchUp() {
        behind = false;
        forgetDone();
        head = null;
        waitingSince = null;
    }

    boolean isBehind() {
        return behind;
    }

    /** What is to be read next. */
    long next() {
        return next;
    }

    void readUntil(long offset) {
        next = Math.max(next, offset);
        forgetDone();
    }

    /** Before this everything is done with. */
    long position() {
        return taken.isEmpty() ? next : Math.min(next, taken.firstKey());
    }

    int outstanding() {
        return outstanding;
    }

    boolean isIdle() {
        return outstanding == 0;
    }

    /** Whether the first that is not done with was taken before. */
    boolean isOutstandingSinceBefore(long nanos) {
        Map.Entry<Long, Taken> first = taken.firstEntry();
        return first != null && first.getValue().atNanos() - nanos < 0;
    }

    List<Job> jobs() {
        return taken.values().stream()
                .map(Taken::job)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    void putHead(@Nullable Head known) {
        head = known;
    }

    /** Called a few times a second: one that is done with many meanwhile has as many in memory, or it would wait for them to be read. */
    void look() {
        ahead = Math.clamp(doneSinceLook, LEAST_AHEAD, MOST_AHEAD);
        doneSinceLook = 0;
    }

    /** Most that are read again for it and not done with. */
    int ahead() {
        return ahead;
    }

    /** The delivery with what is known of it. */
    Job withHead(Job job) {
        return Job.readAgain(
                head == null || head.offset() != job.offset()
                        ? job.delivery()
                        : WebhookDelivery.newBuilder(job.delivery())
                                .setAttempt(head.attempts())
                                .setDueAt(head.dueAt())
                                .build(),
                partition,
                job.offset());
    }

    /** When the oldest was made that is known to wait. */
    void waitsSince(@Nullable Instant time) {
        waitingSince = time;
    }

    /** Completes when the log has that it is behind. */
    CompletableFuture<@Nullable Void> placed() {
        return placed;
    }

    void placedWhen(CompletableFuture<@Nullable Void> written) {
        placed = written;
    }

    /** Whether its place is another than when it was written last. */
    boolean hasMoved() {
        return position() != written;
    }

    /** Whether so many are done with since then that it should be written before its time: after a kill they are sent again. */
    boolean hasMovedFar() {
        return doneSinceWritten >= FAR;
    }

    /** Its place, for the log. */
    WebhookEndpointState toRecord(Health health, Instant now) {
        written = position();
        doneSinceWritten = 0;
        pendingWritten = pending;
        countWritten = now;
        Head known = head != null && head.offset() == written ? head : null;
        Job first = first();
        LaggardPosition place = LaggardPosition.newBuilder()
                .setPartition(partition)
                .setOffset(written)
                .setAttempt(known == null ? 0 : known.attempts())
                .setDueAt(known == null ? null : known.dueAt())
                .setWaitingSince(first == null ? waitingSince : first.delivery().getCreatedAt())
                .setPending(pending)
                .setCountedUntil(pending == null ? null : countedUntil)
                .build();
        return WebhookEndpointState.newBuilder()
                .setEndpointId(endpointId)
                .setTenant(tenant)
                .setConsecutiveFailures(health.failures())
                .setBreaker(health.isOpen() ? WebhookBreaker.OPEN : WebhookBreaker.CLOSED)
                .setProbeAt(
                        health.isOpen() || health.restNanos() > 0
                                ? now.plusNanos(health.restNanos()).truncatedTo(ChronoUnit.MILLIS)
                                : null)
                .setConcurrency(
                        health.concurrency().isPresent()
                                ? Integer.valueOf(health.concurrency().getAsInt())
                                : null)
                .setLaggards(List.of(place))
                .setUpdatedAt(now)
                .build();
    }

    private @Nullable Job first() {
        Map.Entry<Long, Taken> first = taken.firstEntry();
        return first == null ? null : first.getValue().job();
    }
}
