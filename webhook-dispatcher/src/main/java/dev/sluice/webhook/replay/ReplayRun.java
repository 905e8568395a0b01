package dev.sluice.webhook.replay;

import dev.sluice.platform.kafka.job.JobLog;
import dev.sluice.platform.kafka.job.LoggedJob;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One dispatcher's work on a job: reads a part of the log from where the job stands, puts on the log what is to be sent, and says each
 * second how far it has come, at the version that it said last: it ends with an error when somebody else has gone on with the job, or
 * when Kafka is away. What it says is done is on the log; what was put there since it last said so is put there once more by whoever
 * takes the job up, under the same ids. For one thread, which it blocks.
 */
final class ReplayRun {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long HEARTBEAT_NANOS = LoggedJob.HEARTBEAT.toNanos();

    /** Bodies that wait for the log's word. */
    private static final int MAX_UNDER_WAY = 100;

    /** What a run needs. */
    record Tools(
            JobLog jobs, EndpointTable endpoints, PastTable past, DeliveryPublisher publisher, InstantSource clock) {}

    /** Put on the log, but not known to be there yet. */
    private record UnderWay(int partition, long next, CompletableFuture<?> written) {}

    private final Tools tools;
    private final Consumer<String, byte[]> consumer;
    private final CountDownLatch stop;
    private final ReplayPlan plan;
    private final String id;
    private final String tenant;
    private final ReplayTally tally;
    private final Pace pace;
    private final Queue<UnderWay> underWay = new ArrayDeque<>();
    private JobProgress last;
    private long version;
    private long saidNanos;

    /** @param stop counted down when this dispatcher is to let go of the job */
    ReplayRun(Tools tools, Consumer<String, byte[]> consumer, LoggedJob job, CountDownLatch stop) {
        this.tools = tools;
        this.consumer = consumer;
        this.stop = stop;
        plan = ReplayPlan.of(job.job());
        id = job.id();
        tenant = job.tenant();
        tally = new ReplayTally(job.progress());
        pace = new Pace(plan.perSecond(), System.nanoTime());
        last = job.progress();
        version = job.version();
        saidNanos = System.nanoTime();
    }

    /** Ends when the job is over, or this dispatcher is to let go of it. */
    void run() {
        if (!tally.isLaidOut()) {
            layOut();
            say(JobState.RUNNING, null);
        }
        Map<TopicPartition, Long> open = open();
        consumer.assign(open.keySet());
        open.forEach(consumer::seek);
        while (!isOver()) {
            boolean read = false;
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (!take(record)) {
                    return;
                }
                read = true;
            }
            settle();
            passEnds(read);
            sayNowAndThen();
        }
    }

    /** From the first records of that time to the last, as the log has it now. */
    private void layOut() {
        String topic = PastTable.topicOf(plan.kind());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        tally.layOut(offsets(partitions, plan.from(), ends), offsets(partitions, plan.to(), ends));
    }

    /** The first offset since then, the end where there is none. */
    private Map<Integer, Long> offsets(
            Collection<TopicPartition> partitions, Instant since, Map<TopicPartition, Long> ends) {
        Map<Integer, Long> offsets = new HashMap<>();
        ends.forEach((partition, end) -> offsets.put(partition.partition(), end));
        consumer.offsetsForTimes(
                        partitions.stream().collect(Collectors.toMap(each -> each, each -> since.toEpochMilli())))
                .forEach((partition, found) -> {
                    // Null for a partition with nothing so new.
                    if (found != null) {
                        offsets.put(partition.partition(), found.offset());
                    }
                });
        return offsets;
    }

    private Map<TopicPartition, Long> open() {
        String topic = PastTable.topicOf(plan.kind());
        return tally.open().entrySet().stream()
                .collect(Collectors.toMap(each -> new TopicPartition(topic, each.getKey()), Map.Entry::getValue));
    }

    /** False when the job is over, or to be let go of, before the record. */
    private boolean take(ConsumerRecord<String, byte[]> record) {
        if (tally.isDone(record.partition(), record.offset())) {
            return true;
        }
        Optional<WebhookEndpoint> endpoint = tools.endpoints().find(plan.endpointId());
        if (endpoint.isEmpty()) {
            return !isOver();
        }
        CompletableFuture<?> written = CompletableFuture.completedFuture(null);
        switch (tools.past().look(plan, endpoint.get(), record.value())) {
            case Look.Send send -> {
                if (!awaitTurn()) {
                    return false;
                }
                written = put(send.delivery());
            }
            case Look.Skip _ -> tally.skipped();
            case Look.Foreign _ -> {}
            case Look.Unreadable _ -> tally.unreadable();
        }
        underWay.add(new UnderWay(record.partition(), record.offset() + 1, written));
        if (underWay.size() >= MAX_UNDER_WAY) {
            settle();
            sayNowAndThen();
        }
        return true;
    }

    private CompletableFuture<?> put(WebhookDelivery delivery) {
        pace.spend(System.nanoTime());
        tally.sent();
        return tools.publisher().publish(delivery);
    }

    /** Waits until the pace allows one; says meanwhile that somebody works on the job. False when it is over. */
    private boolean awaitTurn() {
        while (true) {
            if (isOver()) {
                return false;
            }
            long wait = pace.waitNanos(System.nanoTime());
            if (wait == 0) {
                return true;
            }
            settle();
            sayNowAndThen();
            isStopped(Math.min(wait, HEARTBEAT_NANOS / 10));
        }
    }

    /** Says so when the job is over. */
    private boolean isOver() {
        if (isStopped(0)) {
            settle();
            // Free at once for another dispatcher.
            say(JobState.QUEUED, null);
            return true;
        }
        Optional<LoggedJob> job = tools.jobs().find(id);
        if (job.isEmpty()) {
            return true;
        }
        Optional<String> obstacle = obstacle();
        if (job.get().isToBeCancelled()) {
            return over(JobState.CANCELLED, null);
        }
        if (obstacle.isPresent()) {
            return over(JobState.FAILED, obstacle.get());
        }
        return underWay.isEmpty() && tally.open().isEmpty() && over(JobState.SUCCEEDED, null);
    }

    private boolean over(JobState state, @Nullable String message) {
        settle();
        say(state, message);
        return true;
    }

    private Optional<String> obstacle() {
        Optional<WebhookEndpoint> endpoint = tools.endpoints()
                .find(plan.endpointId())
                .filter(found -> found.getTenant().equals(tenant));
        if (endpoint.isEmpty()) {
            return Optional.of("The webhook is gone.");
        }
        return endpoint.get().getStatus() == WebhookEndpointStatus.DISABLED
                ? Optional.of("The webhook is disabled, so all would be dropped; resume it, then ask again.")
                : Optional.empty();
    }

    /** Waits until all that is under way is on the log. */
    private void settle() {
        for (UnderWay each = underWay.peek(); each != null; each = underWay.peek()) {
            each.written().join();
            tally.settled(each.partition(), each.next());
            underWay.remove();
        }
    }

    /** Where records are missing before the end, or the log became shorter, there is nothing to wait for. */
    private void passEnds(boolean read) {
        Map<TopicPartition, Long> open = open();
        open.keySet().forEach(partition -> tally.settled(partition.partition(), consumer.position(partition)));
        if (read || open.isEmpty()) {
            return;
        }
        consumer.endOffsets(open.keySet()).forEach((partition, end) -> {
            if (consumer.position(partition) >= end) {
                tally.settled(partition.partition(), Long.MAX_VALUE);
            }
        });
    }

    private void sayNowAndThen() {
        if (System.nanoTime() - saidNanos >= HEARTBEAT_NANOS) {
            say(JobState.RUNNING, null);
        }
    }

    private void say(JobState state, @Nullable String message) {
        Instant now = tools.clock().instant().truncatedTo(ChronoUnit.MICROS);
        JobProgress next = tally.progress(last, state, message, now);
        version = tools.jobs().put(next, version).join();
        last = next;
        saidNanos = System.nanoTime();
    }

    private boolean isStopped(long nanos) {
        try {
            return stop.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
