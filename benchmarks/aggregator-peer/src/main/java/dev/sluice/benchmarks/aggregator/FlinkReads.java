package dev.sluice.benchmarks.aggregator;

import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.CacheTally;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Windows of ten seconds, and of a minute made of them, of each dimension: on the heap, exactly once, with the aggregator's own tallies and its five minutes of
 * grace. A batch crosses the exchange between source and windows as the bytes that the log has, and is decoded once, behind it. One slot.
 */
public final class FlinkReads {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final TypeInformation<Tuple2<String, CacheTally>> NAMED =
            Types.TUPLE(Types.STRING, new TallyInformation());

    private FlinkReads() {}

    /** Arguments: bootstrap servers, group, folder, topic of reads, topic of rollups. */
    public static void main(String[] args) throws Exception {
        Configuration settings = new Configuration();
        settings.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + args[2] + "/checkpoints");
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        flink.setParallelism(1);
        flink.enableCheckpointing(500);
        flink.getConfig().enableObjectReuse();
        DataStream<Tuple2<String, byte[]>> batches = flink.fromSource(
                source(args[0], args[1], args[3]),
                WatermarkStrategy.forBoundedOutOfOrderness(GRACE),
                "reads");
        batches.keyBy(batch -> batch.f0, Types.STRING)
                .window(TumblingEventTimeWindows.of(TEN_SECONDS))
                .aggregate(new Counting(), NAMED, NAMED)
                .keyBy(window -> window.f0, Types.STRING)
                .window(TumblingEventTimeWindows.of(MINUTE))
                .reduce(FlinkReads::merged)
                .sinkTo(sink(args[0], args[1], args[4]));
        flink.execute("reads");
    }

    private static Tuple2<String, CacheTally> merged(Tuple2<String, CacheTally> one, Tuple2<String, CacheTally> other) {
        CacheTally sum = new CacheTally();
        sum.merge(one.f1);
        sum.merge(other.f1);
        return Tuple2.of(one.f0, sum);
    }

    private static KafkaSource<Tuple2<String, byte[]>> source(String servers, String group, String topic) {
        return KafkaSource.<Tuple2<String, byte[]>>builder()
                .setBootstrapServers(servers)
                .setGroupId(group)
                .setTopics(topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new Bytes())
                .build();
    }

    private static KafkaSink<Tuple2<String, CacheTally>> sink(String servers, String group, String topic) {
        Properties producer = new Properties();
        producer.put("transaction.timeout.ms", "60000");
        return KafkaSink.<Tuple2<String, CacheTally>>builder()
                .setBootstrapServers(servers)
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(group)
                .setRecordSerializer((KafkaRecordSerializationSchema<Tuple2<String, CacheTally>>)
                        (window, context, timestamp) -> new ProducerRecord<>(
                                topic, window.f0.getBytes(StandardCharsets.UTF_8), encoded(window.f1)))
                .build();
    }

    private static byte[] encoded(CacheTally tally) {
        CompactWriter out = new CompactWriter();
        tally.encode(out);
        return out.toByteArray();
    }

    /** The key and the bytes of a record. */
    private static final class Bytes implements KafkaRecordDeserializationSchema<Tuple2<String, byte[]>> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Tuple2<String, byte[]>> out) {
            out.collect(Tuple2.of(new String(record.key(), StandardCharsets.UTF_8), record.value()));
        }

        @Override
        public TypeInformation<Tuple2<String, byte[]>> getProducedType() {
            return Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE));
        }
    }

    /** Counts the reads of batches; the result has the key with it, so that windows of a minute can be made of it. */
    private static final class Counting
            implements AggregateFunction<Tuple2<String, byte[]>, Tuple2<String, CacheTally>, Tuple2<String, CacheTally>> {
        private static final long serialVersionUID = 1;

        private transient BatchDecoder decoder;

        @Override
        public Tuple2<String, CacheTally> createAccumulator() {
            return Tuple2.of("", new CacheTally());
        }

        @Override
        public Tuple2<String, CacheTally> add(Tuple2<String, byte[]> batch, Tuple2<String, CacheTally> counted) {
            if (decoder == null) {
                decoder = new BatchDecoder();
            }
            decoder.decode(batch.f1).getEntries().forEach(counted.f1::add);
            counted.f0 = batch.f0;
            return counted;
        }

        @Override
        public Tuple2<String, CacheTally> getResult(Tuple2<String, CacheTally> counted) {
            return counted;
        }

        @Override
        public Tuple2<String, CacheTally> merge(Tuple2<String, CacheTally> one, Tuple2<String, CacheTally> other) {
            one.f1.merge(other.f1);
            return one;
        }
    }
}
