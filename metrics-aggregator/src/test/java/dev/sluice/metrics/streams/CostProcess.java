package dev.sluice.metrics.streams;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.EventTimeExtractor;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;
import org.springframework.util.unit.DataSize;

/** What is measured beside each other, each in a JVM of its own; all commit, so that who started them sees how far they are. */
public final class CostProcess {
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);

    /** What the process does with each batch. */
    enum Work {
        /** Decodes it and forgets it. */
        DECODE,
        /** As the aggregator: the same topology, exactly once. */
        AGGREGATE,
        /** Windows of ten seconds by the DSL, as one writes them first: each read is a record, each record changes what is stored. */
        NAIVE,
        /** Windows of ten seconds and of a minute in a job of Flink, which is no class of ours. */
        FLINK
    }

    private CostProcess() {}

    /** Arguments: bootstrap servers, application id, state folder, work. */
    public static void main(String[] args) {
        KafkaClients clients = AggregatorProcess.newClients(args[0]);
        switch (Work.valueOf(args[3])) {
            case DECODE -> decode(clients, args[1]);
            case AGGREGATE -> stream(clients, args[1], Path.of(args[2]), whole());
            case NAIVE -> stream(clients, args[1], Path.of(args[2]), naive());
            case FLINK -> throw new IllegalArgumentException("that one is a process of its own");
        }
        new java.util.concurrent.Semaphore(0).acquireUninterruptibly();
    }

    private static void decode(KafkaClients clients, String group) {
        try (Consumer<String, CacheReadBatch> consumer = clients.newConsumer(
                "decode", group, RecordSerde.of(Topics.CACHE_READS).deserializer())) {
            consumer.subscribe(List.of(Topics.CACHE_READS.name()));
            long reads = 0;
            long committed = System.nanoTime();
            while (reads >= 0) {
                for (ConsumerRecord<String, CacheReadBatch> record : consumer.poll(Duration.ofMillis(100))) {
                    reads += record.value().getEntries().size();
                }
                if (System.nanoTime() - committed > COMMIT_INTERVAL.toNanos()) {
                    consumer.commitAsync();
                    committed = System.nanoTime();
                }
            }
        }
    }

    private static void stream(KafkaClients clients, String application, Path stateDir, Topology topology) {
        AggregationCounters counters = new AggregationCounters(new SimpleMeterRegistry());
        Properties settings = StreamsSettings.of(
                clients,
                new StreamsProperties(application, stateDir, 1, 0, COMMIT_INTERVAL, DataSize.ofMegabytes(8), null),
                CacheStatsTopology.streamsProperties(counters));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        new KafkaStreams(topology, settings).start();
    }

    private static Topology whole() {
        return AggregatorTopology.of(
                TopologyHarness.PROPERTIES,
                AggregatorProcess.KEPT,
                Clock.systemUTC(),
                new AggregationCounters(new SimpleMeterRegistry()));
    }

    private static Topology naive() {
        TopologyProperties properties = TopologyHarness.PROPERTIES;
        StreamsBuilder builder = new StreamsBuilder();
        AggregationCounters counters = new AggregationCounters(new SimpleMeterRegistry());
        builder.stream(
                        Topics.CACHE_READS.name(),
                        Consumed.<String, CacheReadBatch>with(Serdes.String(), RecordSerde.of(Topics.CACHE_READS))
                                .withName("reads")
                                .withTimestampExtractor(
                                        new EventTimeExtractor(properties.eventTime(), Clock.systemUTC(), counters)))
                .flatMapValues(batch -> batch.getEntries())
                .groupByKey(Grouped.as("by-dimension"))
                .windowedBy(TimeWindows.ofSizeAndGrace(Level.TEN_SECONDS, properties.grace()))
                .aggregate(
                        CacheTally::new,
                        (dimension, read, tally) -> counted(tally, read),
                        Materialized.<String, CacheTally, WindowStore<Bytes, byte[]>>as("naive")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(tallySerde()));
        return builder.build();
    }

    private static CacheTally counted(CacheTally tally, CacheRead read) {
        tally.add(ReadOutcome.of(read.getOutcome()), read.getLatencyNanos(), read.getSizeBytes(), read.getKeyHash());
        return tally;
    }

    private static Serde<CacheTally> tallySerde() {
        return Serdes.serdeFrom(
                (topic, tally) -> {
                    CompactWriter out = new CompactWriter();
                    tally.encode(out);
                    return out.toByteArray();
                },
                (topic, bytes) -> CacheTally.decode(new CompactReader(bytes)));
    }
}
