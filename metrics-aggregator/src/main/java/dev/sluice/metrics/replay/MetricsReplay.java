package dev.sluice.metrics.replay;

import dev.sluice.metrics.streams.AggregatorTopology;
import dev.sluice.metrics.streams.StreamsProperties;
import dev.sluice.metrics.streams.StreamsSettings;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.record.Rollup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * Counts a time range of the log once more, with the topology that counted it first, under an application id of its own: its changelogs, its group and what it would
 * tell others are its own topics, which it removes. Ends when the range is counted, and tells of which windows the log says something else than what is stored.
 *
 * <p>It begins a grace earlier than the range, so that what was late is late again, and ends a grace later. Windows that the range cuts are left out, and so is usage,
 * which is no sum of windows. A tenant with more names than its budget may have others of them counted as others.
 */
public final class MetricsReplay {

    /** The stream's time may be ahead of the log's by what clocks may be wrong. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(2);

    /** More than {@link dev.sluice.metrics.ladder.LadderTask#QUIET}. */
    private static final Duration QUIET = Duration.ofMinutes(2);

    private final KafkaClients clients;
    private final StreamsProperties streams;
    private final TopologyProperties properties;
    private final UsageProperties usage;
    private final InstantSource clock;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile String failure = "";

    /** Is told how far it is. */
    @FunctionalInterface
    public interface Progress {
        void counted(long records, long ofRecords);
    }

    /**
     * What was found.
     *
     * @param windows how many were compared
     */
    public record Result(long records, int windows, List<RollupDifference> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    /** @param streams with an application id that nobody else has, and a folder of its own */
    public MetricsReplay(
            KafkaClients clients,
            StreamsProperties streams,
            TopologyProperties properties,
            UsageProperties usage,
            InstantSource clock) {
        this.clients = clients;
        this.streams = streams;
        this.properties = properties;
        this.usage = usage;
        this.clock = clock;
    }

    /** Makes {@link #run} end soon, cleaned up. */
    public void cancel() {
        cancelled.countDown();
    }

    /**
     * Counts and compares; blocks until that is done.
     *
     * @throws InterruptedException when it was interrupted or cancelled
     * @throws ExecutionException when Kafka refused something
     */
    public Result run(ReplayRange range, Progress progress) throws InterruptedException, ExecutionException {
        Topology topology =
                AggregatorTopology.of(properties, usage, clock, new AggregationCounters(new SimpleMeterRegistry()));
        try (ReplayLog log = new ReplayLog(clients.newAdmin(), streams.applicationId())) {
            try {
                long records = count(topology, range, log, progress);
                return compare(range, records);
            } finally {
                log.removeAll();
            }
        }
    }

    private long count(Topology topology, ReplayRange range, ReplayLog log, Progress progress)
            throws InterruptedException, ExecutionException {
        Set<String> inputs = ReplayTopology.inputsOf(topology);
        Duration margin = properties.grace().plus(CLOCKS);
        Map<TopicPartition, Long> begins = log.offsetsAt(inputs, range.from().minus(margin));
        Map<TopicPartition, Long> ends = log.offsetsAt(inputs, range.to().plus(margin));
        log.createTopics(DivertedClients.divertAll(streams.applicationId(), ReplayTopology.outputsOf(topology)));
        log.seek(begins);
        AdjustableTime time = new AdjustableTime();
        KafkaStreams counting =
                new KafkaStreams(topology, settings(), new DivertedClients(streams.applicationId()), time);
        counting.setUncaughtExceptionHandler(error -> {
            failure = error.toString();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        try {
            counting.start();
            long all = distance(begins, ends);
            await(counting, () -> {
                Map<TopicPartition, Long> positions = log.positions();
                long left = distance(positions, ends);
                progress.counted(all - left, all);
                return left == 0;
            });
            closeWindows(counting, time);
            return all;
        } finally {
            counting.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            counting.cleanUp();
        }
    }

    /** What comes to no end by itself ends by the clock, in the second turn after it was set at the latest. */
    private void closeWindows(KafkaStreams counting, AdjustableTime time)
            throws InterruptedException, ExecutionException {
        for (int turn = 0; turn < 2; turn++) {
            double before = punctuations(counting);
            time.add(QUIET);
            await(counting, () -> punctuations(counting) > before);
        }
    }

    private Result compare(ReplayRange range, long records) {
        Map<String, Rollup> stored = RollupTable.read(clients, ReplayTopology.storedTopic(), range::contains);
        Map<String, Rollup> replayed = RollupTable.read(
                clients,
                DivertedClients.divert(streams.applicationId(), ReplayTopology.storedTopic()),
                range::contains);
        return new Result(records, replayed.size(), RollupDifference.between(stored, replayed));
    }

    private Properties settings() {
        AggregationCounters counters = new AggregationCounters(new SimpleMeterRegistry());
        return StreamsSettings.of(clients, streams, CacheStatsTopology.streamsProperties(counters));
    }

    /** What is asked for again and again. */
    @FunctionalInterface
    private interface Question {
        boolean holds() throws InterruptedException, ExecutionException;
    }

    private void await(KafkaStreams counting, Question question) throws InterruptedException, ExecutionException {
        while (!question.holds()) {
            if (counting.state().hasStartedOrFinishedShuttingDown()) {
                throw new IllegalStateException("counting ended by itself: " + failure);
            }
            if (cancelled.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("cancelled");
            }
        }
    }

    private static double punctuations(KafkaStreams counting) {
        return counting.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("punctuate-total")
                        && metric.metricName().group().equals("stream-thread-metrics"))
                .mapToDouble(metric -> metric.metricValue() instanceof Double total ? total : 0)
                .sum();
    }

    private static long distance(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        return to.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), 0L)))
                .sum();
    }
}
