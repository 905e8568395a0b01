package dev.sluice.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsPoisonHandlerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopicDescriptor<DomainEvent> topic = TestPlatform.topic(DomainEvent.class, Cleanup.DELETE);
    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void setsAsideWhatItCannotReadByteForByteAndGoesOn(@TempDir Path state) throws Exception {
        platform.provisioner.ready().join();
        byte[] good = HostileRecords.good("good");
        List<ProducerRecord<byte[], byte[]>> hostile = HostileRecords.all(topic.name(), Randomness.seeded()).stream()
                .filter(record -> record.value() != null && !Arrays.equals(record.value(), good))
                .toList();
        for (ProducerRecord<byte[], byte[]> record : hostile) {
            platform.sendRaw(record);
        }
        platform.sendUnbounded(new ProducerRecord<>(topic.name(), new byte[] {1}, new byte[8 * 1024 * 1024]));
        platform.sendRaw(new ProducerRecord<>(topic.name(), new byte[] {1}, HostileRecords.good("after")));
        try (KafkaStreams streams = application(state)) {
            streams.start();
            await().atMost(PATIENCE).until(() -> handled.contains("after"));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(platform.readAll(topic.poisonName())).hasSize(hostile.size() + 1));
            assertThat(streams.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
        assertThat(handled).containsExactly("after");
        assertSameBytes(platform.readAll(topic.poisonName()), hostile);
    }

    private static void assertSameBytes(
            List<ConsumerRecord<byte[], byte[]>> copies, List<ProducerRecord<byte[], byte[]>> hostile) {
        for (int i = 0; i < hostile.size(); i++) {
            ConsumerRecord<byte[], byte[]> copy = copies.get(i);
            assertThat(copy.key())
                    .as("key of record %s", i)
                    .isEqualTo(hostile.get(i).key());
            assertThat(copy.value())
                    .as("value of record %s", i)
                    .isEqualTo(hostile.get(i).value());
            Header[] before = hostile.get(i).headers().toArray();
            assertThat(Arrays.copyOf(copy.headers().toArray(), before.length)).isEqualTo(before);
            assertThat(header(copy, PoisonHeaders.OFFSET)).isEqualTo(String.valueOf(i));
            assertThat(header(copy, PoisonHeaders.ERROR)).matches("[A-Z_0-9]+");
        }
        assertThat(copies.getLast().value()).isNull();
        assertThat(header(copies.getLast(), PoisonHeaders.OMITTED)).isNotEmpty();
    }

    private KafkaStreams application(Path state) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic.name(), Consumed.with(Serdes.String(), RecordSerde.of(topic)))
                .foreach((key, event) -> handled.add(event.getId()));
        Map<String, Object> settings = platform.clients.streamsProperties("test-" + UUID.randomUUID());
        settings.put("state.dir", state.toString());
        settings.put("commit.interval.ms", 100);
        return new KafkaStreams(builder.build(), new StreamsConfig(settings));
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
