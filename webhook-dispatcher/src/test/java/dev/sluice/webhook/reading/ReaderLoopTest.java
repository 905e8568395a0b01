package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One consumer's rounds: what is started, paused, committed and given up, and when. */
class ReaderLoopTest {
    private static final TopicPartition ONE = new TopicPartition("t", 0);
    private static final TopicPartition TWO = new TopicPartition("t", 1);

    private final FakeClock clock = FakeClock.fixed();
    private final List<Duration> polls = new ArrayList<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.add(timeout);
            return super.poll(Duration.ZERO);
        }
    };
    /** Starts by partition and offset, in their order. */
    private final Map<String, List<CompletableFuture<Void>>> started = new HashMap<>();

    private final Map<String, Instant> releases = new HashMap<>();
    private final ReaderSettings settings = new ReaderSettings(
            "test",
            "group",
            List.of("t"),
            new BacklogLimits(3, 1_000),
            /* drain= */ Duration.ofSeconds(30),
            ReaderSettings.Pace.PROMPT);
    /** What a listener heard of partitions. */
    private final List<String> told = new ArrayList<>();

    private final PartitionListener heard = new PartitionListener() {
        @Override
        public void assigned(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> positions) {
            partitions.forEach(partition -> told.add("+" + partition));
        }

        @Override
        public void passed(TopicPartition partition, long offset) {
            told.add("passed " + key(partition, offset));
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> told.add("-" + partition));
        }

        @Override
        public void lost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> told.add("lost " + partition));
        }
    };
    private final ReaderLoop loop = new ReaderLoop(settings, consumer, this::taskFor, heard, clock);

    @BeforeEach
    void join() {
        loop.subscribe();
        assertThat(loop.joined()).isFalse();
        assign(ONE, TWO);
        assertThat(loop.joined()).isTrue();
    }

    @Test
    void tellsWhichPartitionsComeAndGo() {
        assertThat(told).containsExactlyInAnyOrder("+t-0", "+t-1");
        told.clear();
        loop.onPartitionsRevoked(List.of(ONE));
        loop.onPartitionsLost(List.of(TWO));
        assertThat(told).containsExactly("-t-0", "lost t-1");
    }

    @Test
    void commitsOnlyWhatIsDoneWithoutAGap() {
        fetch(ONE, 0, 1, 2);
        start(ONE, 1).complete(null);
        start(ONE, 2).complete(null);
        loop.turn();
        assertThat(loop.pending()).isEqualTo(3);
        assertThat(committed(ONE)).isLessThanOrEqualTo(0);

        start(ONE, 0).complete(null);
        turnUntil(() -> committed(ONE) == 3);
        assertThat(loop.pending()).isZero();
    }

    @Test
    void whatFailedIsTriedAgainAfterAPause() {
        fetch(ONE, 0);
        start(ONE, 0).completeExceptionally(new IllegalStateException("Kafka is away"));
        loop.turn();
        loop.turn();
        assertThat(starts(ONE, 0)).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        loop.turn();
        assertThat(starts(ONE, 0)).isEqualTo(2);
        start(ONE, 0).complete(null);
        turnUntil(() -> committed(ONE) == 1);
    }

    @Test
    void aFullPartitionIsPausedAndTheOtherGoesOn() {
        fetch(ONE, 0, 1, 2);
        assertThat(consumer.paused()).containsExactly(ONE);
        assertThat(loop.pausedPartitions()).isEqualTo(1);
        fetch(TWO, 0);
        start(TWO, 0).complete(null);
        turnUntil(() -> committed(TWO) == 1);

        start(ONE, 0).complete(null);
        loop.turn();
        assertThat(consumer.paused()).isEmpty();
        assertThat(loop.pausedPartitions()).isZero();
    }

    @Test
    void nothingIsStartedBeforeItsTime() {
        releases.put(key(ONE, 0), clock.instant().plus(Duration.ofMillis(20)));
        fetch(ONE, 0, 1);
        assertThat(starts(ONE, 0)).isZero();
        assertThat(starts(ONE, 1)).isEqualTo(1);

        loop.turn();
        assertThat(polls.getLast()).as("no longer than until then").isEqualTo(Duration.ofMillis(20));
        clock.advance(Duration.ofMillis(20));
        loop.turn();
        assertThat(starts(ONE, 0)).isEqualTo(1);
    }

    @Test
    void aPartitionFullOfRecordsThatWaitForHoursKeepsNobodyBusy() {
        for (int offset = 0; offset < 3; offset++) {
            releases.put(key(ONE, offset), clock.instant().plus(Duration.ofHours(10)));
        }
        fetch(ONE, 0, 1, 2);
        assertThat(consumer.paused()).containsExactly(ONE);

        loop.turn();
        assertThat(polls.getLast()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void whatIsUnderWayOrNotCommittedIsLookedAtSoonAndOnlyRecordsAreWaitedForElse() {
        loop.turn();
        assertThat(polls.getLast()).as("nothing to do").isEqualTo(Duration.ofMillis(500));

        fetch(ONE, 0);
        loop.turn();
        assertThat(polls.getLast()).as("in work").isLessThanOrEqualTo(Duration.ofMillis(100));

        start(ONE, 0).complete(null);
        turnUntil(() -> committed(ONE) == 1);
        loop.turn();
        assertThat(polls.getLast()).as("committed").isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aPartitionFullOfRecordsInWorkIsLookedAtOften() {
        fetch(ONE, 0, 1, 2);

        loop.turn();
        assertThat(polls.getLast()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void givingAPartitionUpWaitsForWhatWasStartedAndCommitsIt() {
        releases.put(key(ONE, 2), clock.instant().plus(Duration.ofHours(1)));
        fetch(ONE, 0, 1, 2);
        CompletableFuture.delayedExecutor(50, java.util.concurrent.TimeUnit.MILLISECONDS)
                .execute(() -> {
                    start(ONE, 0).complete(null);
                    start(ONE, 1).complete(null);
                });

        loop.drain();
        assertThat(committed(ONE)).as("what waits was not started").isEqualTo(2);
        assertThat(starts(ONE, 2)).isZero();
    }

    @Test
    void whoReadsThePartitionNextDoesOnlyWhatWasNotDone() {
        fetch(ONE, 0, 1, 2);
        start(ONE, 0).complete(null);
        start(ONE, 2).complete(null);
        turnUntil(() -> committed(ONE) == 1 && !metadata(ONE).isEmpty());
        loop.onPartitionsLost(Set.of(ONE));
        consumer.seek(ONE, 1);
        loop.onPartitionsAssigned(Set.of(ONE));
        fetch(ONE, 1, 2);
        assertThat(starts(ONE, 1)).as("it was under way").isEqualTo(2);
        assertThat(starts(ONE, 2)).as("it was done").isEqualTo(1);
        assertThat(told).as("and is passed over, in its turn").endsWith("passed t-0@2");

        start(ONE, 1).complete(null);
        turnUntil(() -> committed(ONE) == 3);
        assertThat(loop.pending()).isZero();
    }

    @Test
    void ofATopicThatWasMadeAnewEverythingIsDone() {
        fetch(ONE, 0, 1, 2);
        start(ONE, 0).complete(null);
        start(ONE, 2).complete(null);
        turnUntil(() -> committed(ONE) == 1 && !metadata(ONE).isEmpty());
        loop.onPartitionsLost(Set.of(ONE));
        consumer.seek(ONE, 0);
        loop.onPartitionsAssigned(Set.of(ONE));
        fetch(ONE, 0, 1, 2);
        assertThat(starts(ONE, 2)).as("another than that of before").isEqualTo(2);
    }

    @Test
    void aCompletionForAPartitionThatCameBackCountsForNothing() {
        fetch(ONE, 0);
        CompletableFuture<Void> before = start(ONE, 0);
        loop.onPartitionsLost(Set.of(ONE));
        loop.onPartitionsAssigned(Set.of(ONE));
        consumer.seek(ONE, 0);
        fetch(ONE, 0);
        assertThat(starts(ONE, 0)).isEqualTo(2);

        before.complete(null);
        loop.turn();
        assertThat(loop.pending()).as("the second one is still at work").isEqualTo(1);
        start(ONE, 0).complete(null);
        turnUntil(() -> committed(ONE) == 1);
    }

    @Test
    void workThatThrowsIsAFailureAndEndsNothing() {
        releases.put("throws", Instant.MIN);
        fetch(ONE, 0);
        loop.turn();
        assertThat(loop.pending()).isEqualTo(1);

        releases.remove("throws");
        clock.advance(Duration.ofSeconds(1));
        loop.turn();
        start(ONE, 0).complete(null);
        turnUntil(() -> committed(ONE) == 1);
    }

    private Task taskFor(ConsumerRecord<byte[], byte[]> raw) {
        String key = key(new TopicPartition(raw.topic(), raw.partition()), raw.offset());
        return new Task(raw.offset(), 1, releases.getOrDefault(key, Instant.MIN), () -> {
            if (releases.containsKey("throws")) {
                throw new IllegalStateException("no");
            }
            CompletableFuture<Void> work = new CompletableFuture<>();
            started.computeIfAbsent(key, unseen -> new CopyOnWriteArrayList<>()).add(work);
            return work;
        });
    }

    private void assign(TopicPartition... partitions) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (TopicPartition partition : partitions) {
            beginnings.put(partition, 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        consumer.rebalance(List.of(partitions));
    }

    private void fetch(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            consumer.addRecord(
                    new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[0], new byte[1]));
        }
        loop.turn();
    }

    /** The newest start of a record. */
    private CompletableFuture<Void> start(TopicPartition partition, long offset) {
        return started.getOrDefault(key(partition, offset), List.of()).getLast();
    }

    private int starts(TopicPartition partition, long offset) {
        return started.getOrDefault(key(partition, offset), List.of()).size();
    }

    private void turnUntil(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            loop.turn();
            return condition.getAsBoolean();
        });
    }

    private long committed(TopicPartition partition) {
        var position = consumer.committed(Set.of(partition)).get(partition);
        return position == null ? -1 : position.offset();
    }

    private String metadata(TopicPartition partition) {
        var position = consumer.committed(Set.of(partition)).get(partition);
        return position == null ? "" : position.metadata();
    }

    private static String key(TopicPartition partition, long offset) {
        return partition + "@" + offset;
    }
}
