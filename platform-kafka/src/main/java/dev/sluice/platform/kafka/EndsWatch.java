package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the readers of a process again and again where their logs end and which they are. All that want to know it equally often are asked for
 * in one question: a process reads a dozen logs, and a question costs the broker and the process far more than one more log in it. Thread-safe.
 */
final class EndsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndsWatch.class);

    /**
     * What was so when it was asked for.
     *
     * @param at when that was, by {@link System#nanoTime}
     * @param ends the offset behind the last committed record of each partition
     * @param topicId empty where it was not asked for, or there is no such topic
     */
    record Answer(long at, Map<TopicPartition, Long> ends, Optional<String> topicId) {}

    private final LogEnds ends;
    private final Map<Duration, Round> rounds = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("log-ends").daemon().factory());

    EndsWatch(LogEnds ends) {
        this.ends = ends;
    }

    /**
     * Asks until it is closed; where Kafka does not say it, it is asked again.
     *
     * @param topic whose id is asked for as well
     * @param listener called on a thread of Kafka's client, and must be quick
     */
    Watched watch(
            Duration period, Collection<TopicPartition> partitions, Optional<String> topic, Consumer<Answer> listener) {
        Round round = rounds.computeIfAbsent(period, this::begin);
        Watched watched = new Watched(round, List.copyOf(partitions), topic, listener);
        round.all.add(watched);
        return watched;
    }

    private Round begin(Duration period) {
        Round round = new Round();
        ScheduledFuture<?> _ =
                timer.scheduleAtFixedRate(round::ask, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return round;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** What is asked for in one question. */
    private final class Round {
        private final List<Watched> all = new CopyOnWriteArrayList<>();

        /** An exception would end the schedule. */
        void ask() {
            try {
                List<Watched> asking = all.stream()
                        .filter(watched -> watched.expected.isDone())
                        .toList();
                if (!asking.isEmpty()) {
                    ask(asking);
                }
            } catch (RuntimeException | Error e) {
                LOG.error("asking where logs end failed; asking again", e);
            }
        }

        private void ask(List<Watched> asking) {
            long at = System.nanoTime();
            var found = ends.fetchEach(asking.stream()
                    .flatMap(watched -> watched.partitions.stream())
                    .collect(Collectors.toSet()));
            var ids = ends.fetchTopicIds(
                    asking.stream().flatMap(watched -> watched.topic.stream()).collect(Collectors.toSet()));
            asking.forEach(watched -> watched.expect(at, found, ids));
        }
    }

    /** One that wants to know; it is asked for again once it has its answer, so that one which gets none holds up nobody else. */
    static final class Watched implements AutoCloseable {
        private final Round round;
        private final List<TopicPartition> partitions;
        private final Optional<String> topic;
        private final Consumer<Answer> listener;

        /** Set by the timer's thread alone. */
        private CompletableFuture<?> expected = CompletableFuture.completedFuture("nothing yet");

        private Watched(
                Round round, List<TopicPartition> partitions, Optional<String> topic, Consumer<Answer> listener) {
            this.round = round;
            this.partitions = partitions;
            this.topic = topic;
            this.listener = listener;
        }

        private void expect(
                long at,
                Map<TopicPartition, CompletableFuture<Long>> found,
                Map<String, CompletableFuture<String>> ids) {
            Map<TopicPartition, CompletableFuture<Long>> mine = partitions.stream()
                    .collect(Collectors.toMap(Function.identity(), one -> Objects.requireNonNull(found.get(one))));
            // A topic that is not there is no other one yet.
            CompletableFuture<Optional<String>> id = topic.map(name -> Objects.requireNonNull(ids.get(name))
                            .thenApply(Optional::of)
                            .exceptionally(any -> Optional.empty()))
                    .orElse(CompletableFuture.completedFuture(Optional.empty()));
            expected = LogEnds.joined(mine)
                    .thenCombine(id, (ends, topicId) -> new Answer(at, ends, topicId))
                    .thenAccept(this::tell)
                    .whenComplete((told, failure) -> {
                        if (failure != null) {
                            LOG.debug("Kafka does not say where {} ends", partitions, failure);
                        }
                    });
        }

        private void tell(Answer answer) {
            // Whoever has gone on meanwhile is not told of what was before.
            if (round.all.contains(this)) {
                listener.accept(answer);
            }
        }

        @Override
        public void close() {
            round.all.remove(this);
        }
    }
}
