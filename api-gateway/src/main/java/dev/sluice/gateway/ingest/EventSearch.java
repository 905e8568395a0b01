package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.PublishFailedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks on the log for events that a former owner of a claim may have written. What is asked for at the same time is looked
 * for in one pass over each partition, on one thread, so that the claims of a gateway that died cost one reading of what it
 * wrote last. Thread-safe; never blocks the caller.
 */
final class EventSearch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventSearch.class);

    /** Clocks of gateways and brokers are not further apart. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Duration writeTime;
    private final Queue<SoughtEvent> asked = new ConcurrentLinkedQueue<>();
    // One pass at work and one to follow, which takes all that was asked meanwhile.
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1),
            Thread.ofPlatform().name("event-search").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /** @param writeTime how long after its claim an event may come to the log */
    EventSearch(Supplier<Consumer<String, byte[]>> consumers, Duration writeTime) {
        this.consumers = consumers;
        this.writeTime = writeTime;
    }

    /** Completes with where the event stands, or empty when it is not there; fails when that cannot be found out. */
    CompletableFuture<Optional<EventReceipt>> find(String key, String source, String id, Instant since) {
        SoughtEvent sought = new SoughtEvent(key, source, id, since, new CompletableFuture<>());
        asked.add(sought);
        executor.execute(this::searchAll);
        // Asked for before this was looked at, it is either failed here or by close().
        if (executor.isShutdown()) {
            fail(takeAsked());
        }
        return sought.result();
    }

    /** Whoever still waits, or asks after this, is told that it could not be found out. */
    @Override
    public void close() {
        executor.shutdownNow();
        fail(takeAsked());
    }

    private void searchAll() {
        List<SoughtEvent> all = takeAsked();
        if (all.isEmpty()) {
            return;
        }
        try (Consumer<String, byte[]> consumer = consumers.get()) {
            int partitions = consumer.partitionsFor(EventPublisher.TOPIC.name()).size();
            Map<Integer, List<SoughtEvent>> byPartition =
                    all.stream().collect(Collectors.groupingBy(sought -> sought.partition(partitions)));
            byPartition.forEach((partition, sought) -> {
                TopicPartition at = new TopicPartition(EventPublisher.TOPIC.name(), partition);
                groupsOf(sought).forEach(group -> new EventScan(consumer, at, group).run(SKEW, writeTime.plus(SKEW)));
            });
        } catch (Exception e) {
            LOG.warn("the log cannot be searched for events that may be written", e);
        } finally {
            // An Error too must leave nobody waiting.
            fail(all);
        }
    }

    private List<SoughtEvent> takeAsked() {
        List<SoughtEvent> all = new ArrayList<>();
        for (SoughtEvent next = asked.poll(); next != null; next = asked.poll()) {
            all.add(next);
        }
        return all;
    }

    /** What a pass did not come to: whoever asked may ask again. */
    private static void fail(List<SoughtEvent> unanswered) {
        unanswered.forEach(sought ->
                sought.result().completeExceptionally(new PublishFailedException("the log could not be searched")));
    }

    /** Those whose times overlap are looked for together; what lies between others is not read. */
    private List<List<SoughtEvent>> groupsOf(List<SoughtEvent> sought) {
        List<SoughtEvent> sorted =
                sought.stream().sorted(Comparator.comparing(SoughtEvent::since)).toList();
        List<List<SoughtEvent>> groups = new ArrayList<>();
        Instant end = Instant.MIN;
        for (SoughtEvent next : sorted) {
            if (next.since().minus(SKEW).isAfter(end)) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(next);
            end = next.since().plus(writeTime).plus(SKEW);
        }
        return groups;
    }
}
