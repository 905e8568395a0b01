package dev.sluice.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.record.Tier;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import dev.sluice.schemas.UnencodableRecordException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordPublisherTest {
    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.COMPACT);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final RecordPublishers publishers = new RecordPublishers(
            () -> kafka, TestPlatform.properties(Map.of("max-record-size", "1KB", "queued-bytes", "2KB")), meters);
    private final RecordPublisher<Tier> publisher = publishers.to(topic);

    @AfterEach
    void close() {
        publishers.close();
    }

    @Test
    void publishesKeyValueAndHeaders() throws Exception {
        Tier tier = TestPlatform.tier("größer");
        publisher.publish("schlüssel", tier, Map.of("header", new byte[] {1})).get(30, SECONDS);
        ProducerRecord<byte[], byte[]> sent = kafka.history().getFirst();
        assertThat(sent.topic()).isEqualTo(topic.name());
        assertThat(new String(sent.key(), UTF_8)).isEqualTo("schlüssel");
        assertThat(RecordDecoder.of(Tier.class).decode(sent.value())).isEqualTo(tier);
        assertThat(sent.headers().lastHeader("header").value()).containsExactly(1);
    }

    @Test
    void publishesWhatWasPreparedOnlyWhenItIsAsked() throws Exception {
        Supplier<CompletableFuture<RecordMetadata>> first = publisher.prepare("a", TestPlatform.tier("a"));
        Supplier<CompletableFuture<RecordMetadata>> second = publisher.prepare("b", TestPlatform.tier("b"));
        Supplier<CompletableFuture<RecordMetadata>> never = publisher.prepare("c", TestPlatform.tier("half \ud800"));
        second.get().get(30, SECONDS);
        first.get().get(30, SECONDS);
        assertThat(kafka.history())
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("b", "a");
        assertThatThrownBy(() -> never.get().get()).cause().isInstanceOf(UnencodableRecordException.class);
    }

    @Test
    void publishesTombstones() throws Exception {
        publisher.publishTombstone("key", Map.of()).get(30, SECONDS);
        assertThat(kafka.history().getFirst().value()).isNull();
    }

    @Test
    void neverSendsWhatReadersWouldRefuse() {
        for (Tier tier : new Tier[] {TestPlatform.tier("x".repeat(2_000)), TestPlatform.tier("half \ud800")}) {
            CompletableFuture<RecordMetadata> result = publisher.publish("key", tier);
            assertThatThrownBy(result::get).cause().isInstanceOf(UnencodableRecordException.class);
        }
        assertThat(kafka.history()).isEmpty();
        assertThat(count("failed")).isEqualTo(2);
    }

    @Test
    void countsWhatItRefuses() {
        CompletableFuture<RecordMetadata> result =
                publisher.publish("key", TestPlatform.tier("free"), Map.of("header", new byte[4_000]));
        assertThatThrownBy(result::get).cause().isInstanceOf(PublisherOverloadedException.class);
        assertThat(count("refused")).isEqualTo(1);
        assertThat(count("failed")).isZero();
    }

    @Test
    void failsOnceClosed() {
        publishers.close();
        CompletableFuture<RecordMetadata> result = publisher.publish("key", TestPlatform.tier("free"));
        assertThatThrownBy(result::get).cause().isInstanceOf(PublishFailedException.class);
        assertThat(count("failed")).isEqualTo(1);
    }

    private double count(String what) {
        return meters.counter("sluice.kafka.publish." + what, "topic", topic.name())
                .count();
    }
}
