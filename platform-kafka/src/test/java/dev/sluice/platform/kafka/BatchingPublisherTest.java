package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchingPublisherTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Executor ELSEWHERE = Thread::startVirtualThread;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();

    @Test
    void givesAFullBatchToTheSinkAtOnceAndOthersAfterTheInterval() {
        try (BatchingPublisher<String, Integer> publisher = started(confirming(), limits(NEVER, 3, 100))) {
            offer(publisher, 0, 4);
            await().untilAsserted(() -> assertThat(batches).containsExactly(List.of(0, 1, 2)));
            assertThat(publisher.held()).isEqualTo(1);
        }
        assertThat(batches).containsExactly(List.of(0, 1, 2), List.of(3));
        batches.clear();
        try (BatchingPublisher<String, Integer> publisher = started(confirming(), limits(SOON, 3, 100))) {
            offer(publisher, 7, 8);
            await().untilAsserted(() -> assertThat(batches).containsExactly(List.of(7)));
        }
    }

    @Test
    void keepsEntriesOfDifferentKeysApart() {
        List<String> seen = new CopyOnWriteArrayList<>();
        BatchSink<String, Integer> sink = (key, entries) -> {
            seen.add(key + entries);
            return CompletableFuture.completedFuture(null);
        };
        BatchingPublisher<String, Integer> publisher = started(sink, limits(NEVER, 100, 100));
        publisher.offer("a", 1);
        publisher.offer("b", 2);
        publisher.offer("a", 3);
        publisher.close();
        assertThat(seen).containsExactlyInAnyOrder("a[1, 3]", "b[2]");
    }

    @Test
    void triesAgainWhatWasNotConfirmedBeforeAnythingLaterOfItsKey() {
        AtomicInteger attempts = new AtomicInteger();
        BatchSink<String, Integer> sink = (key, entries) -> attempts.incrementAndGet() <= 3
                ? CompletableFuture.failedFuture(new PublishFailedException("pretended"))
                : confirming().publish(key, entries);
        try (BatchingPublisher<String, Integer> publisher = started(sink, limits(SOON, 2, 100))) {
            offer(publisher, 0, 10);
            await().until(() -> publisher.held() == 0);
        }
        assertThat(flat()).containsExactlyElementsOf(range(0, 10));
        assertThat(count("retried")).isEqualTo(3);
        assertThat(count("published")).isEqualTo(10);
    }

    @Test
    void halvesABatchThatIsTooLargeAndKeepsItsOrder() {
        BatchSink<String, Integer> sink = (key, entries) -> entries.size() > 3
                ? CompletableFuture.failedFuture(Unencodable.oversize())
                : confirming().publish(key, entries);
        try (BatchingPublisher<String, Integer> publisher = started(sink, limits(NEVER, 64, 1_000))) {
            offer(publisher, 0, 64);
            await().until(() -> publisher.held() == 0);
        }
        assertThat(flat()).containsExactlyElementsOf(range(0, 64));
        assertThat(count("dropped") + count("retried")).isZero();
    }

    @Test
    void dropsOnlyTheEntryThatCannotBePublished() {
        BatchSink<String, Integer> throwing = (key, entries) -> {
            if (entries.contains(17)) {
                throw new IllegalStateException("pretended");
            }
            return confirming().publish(key, entries);
        };
        BatchSink<String, Integer> failing = (key, entries) -> entries.contains(17)
                ? CompletableFuture.failedFuture(Unencodable.malformed())
                : confirming().publish(key, entries);
        List<Integer> expected = new ArrayList<>(range(0, 64));
        expected.remove(Integer.valueOf(17));
        for (BatchSink<String, Integer> sink : List.of(throwing, failing)) {
            batches.clear();
            try (BatchingPublisher<String, Integer> publisher = started(sink, limits(NEVER, 64, 1_000))) {
                offer(publisher, 0, 64);
                await().until(() -> publisher.held() == 0);
            }
            assertThat(flat()).containsExactlyElementsOf(expected);
        }
        assertThat(count("dropped")).isEqualTo(2);
    }

    @Test
    void dropsTheOldestWhenTooMuchIsHeld() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        BatchSink<String, Integer> sink = (key, entries) -> {
            CompletableFuture<?> _ = confirming().publish(key, entries);
            return answer;
        };
        try (BatchingPublisher<String, Integer> publisher = started(sink, limits(SOON, 10, 50))) {
            offer(publisher, 0, 10);
            await().until(() -> batches.size() == 1);
            offer(publisher, 10, 100);
            // In flight are 0 to 9, which may be confirmed yet; of the others the newest 40 are kept.
            await().until(() -> count("dropped") == 50);
            assertThat(publisher.held()).isEqualTo(50);
            answer.complete(null);
            await().until(() -> publisher.held() == 0);
        }
        List<Integer> expected = new ArrayList<>(range(0, 10));
        expected.addAll(range(60, 100));
        assertThat(flat()).containsExactlyElementsOf(expected);
        assertThat(count("published")).isEqualTo(50);
    }

    @Test
    void neverBlocksWhoeverOffersWhileTheSinkHangs() {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BatchSink<String, Integer> sink = (key, entries) -> {
            stuck.countDown();
            awaitUninterrupted(release);
            return confirming().publish(key, entries);
        };
        BatchingPublisher<String, Integer> publisher = started(sink, limits(NEVER, 1, 100));
        publisher.offer("key", 0);
        awaitUninterrupted(stuck);
        // The one thread that could make room is stuck, so an offer that waits for room would never return.
        assertThat(IntStream.range(1, 1_000)
                        .filter(i -> publisher.offer("key", i))
                        .count())
                .isEqualTo(199);
        assertThat(publisher.held()).isEqualTo(200);
        assertThat(count("dropped")).isEqualTo(800);
        release.countDown();
        publisher.close();
        assertThat(count("published") + count("dropped")).isEqualTo(1_000);
        assertThat(publisher.held()).isZero();
    }

    @Test
    void publishesMoreKeysThanMayBeInFlightWithoutWaitingForTheInterval() {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BatchSink<String, Integer> sink = (key, entries) -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            return CompletableFuture.runAsync(
                    () -> {
                        batches.add(entries);
                        inFlight.decrementAndGet();
                    },
                    ELSEWHERE);
        };
        BatchLimits limits = new BatchLimits(NEVER, 1, 10_000, 4, Duration.ofSeconds(10));
        try (BatchingPublisher<String, Integer> publisher = started(sink, limits)) {
            range(0, 2_000).forEach(i -> publisher.offer("key " + i, i));
            await().until(() -> publisher.held() == 0);
        }
        assertThat(flat()).containsExactlyInAnyOrderElementsOf(range(0, 2_000));
        assertThat(most.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void hasOneBatchOfAKeyInFlight() {
        ConcurrentLinkedQueue<CompletableFuture<Void>> answers = new ConcurrentLinkedQueue<>();
        BatchSink<String, Integer> sink = (key, entries) -> {
            batches.add(entries);
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        };
        try (BatchingPublisher<String, Integer> publisher = started(sink, limits(NEVER, 2, 100))) {
            offer(publisher, 0, 6);
            for (int i = 1; i <= 3; i++) {
                int batch = i;
                await().until(() -> batches.size() == batch);
                assertThat(answers).hasSize(1);
                answers.remove().complete(null);
            }
            await().until(() -> publisher.held() == 0);
        }
    }

    @Test
    void publishesWhatIsHeldWhenClosed() {
        BatchingPublisher<String, Integer> publisher = started(
                (key, entries) -> CompletableFuture.runAsync(() -> batches.add(entries), ELSEWHERE),
                limits(NEVER, 100, 1_000));
        offer(publisher, 0, 950);
        publisher.close();
        assertThat(flat()).containsExactlyElementsOf(range(0, 950));
        assertThat(publisher.offer("key", 1)).isFalse();
        assertThat(count("published")).isEqualTo(950);
        assertThat(count("dropped")).isEqualTo(1);
    }

    @Test
    void countsAsDroppedWhatFailsAfterClosing() {
        List<CompletableFuture<Void>> answers = new CopyOnWriteArrayList<>();
        BatchSink<String, Integer> sink = (key, entries) -> {
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        };
        BatchingPublisher<String, Integer> publisher =
                started(sink, new BatchLimits(NEVER, 1, 100, 64, Duration.ofMillis(10)));
        publisher.offer("a", 1);
        publisher.offer("b", 2);
        await().until(() -> answers.size() == 2);
        publisher.close();
        assertThat(publisher.held()).isEqualTo(2);
        answers.getFirst().complete(null);
        answers.getLast().completeExceptionally(new PublishFailedException("pretended"));
        assertThat(publisher.held()).isZero();
        assertThat(count("published")).isEqualTo(1);
        assertThat(count("dropped")).isEqualTo(1);
    }

    @Test
    void closesEvenThoughTheSinkBlocksForGood() {
        CountDownLatch never = new CountDownLatch(1);
        BatchSink<String, Integer> sink = (key, entries) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return CompletableFuture.completedFuture(null);
        };
        BatchingPublisher<String, Integer> publisher =
                started(sink, new BatchLimits(NEVER, 1, 100, 64, Duration.ofMillis(10)));
        publisher.offer("a", 1);
        publisher.close();
        await().until(() -> publisher.held() == 0);
        assertThat(count("dropped")).isEqualTo(1);
    }

    private BatchSink<String, Integer> confirming() {
        return (key, entries) -> {
            batches.add(entries);
            return CompletableFuture.completedFuture(null);
        };
    }

    private BatchingPublisher<String, Integer> started(BatchSink<String, Integer> sink, BatchLimits limits) {
        BatchingPublisher<String, Integer> publisher = new BatchingPublisher<>("test", sink, limits, meters);
        publisher.start();
        return publisher;
    }

    private static BatchLimits limits(Duration interval, int batchEntries, int heldEntries) {
        return new BatchLimits(interval, batchEntries, heldEntries, 64, Duration.ofSeconds(30));
    }

    private static void offer(BatchingPublisher<String, Integer> publisher, int from, int to) {
        range(from, to).forEach(i -> assertThat(publisher.offer("key", i)).isTrue());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private List<Integer> flat() {
        return batches.stream().flatMap(List::stream).toList();
    }

    private double count(String what) {
        return meters.counter("sluice.kafka.batch." + what, "publisher", "test").count();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
