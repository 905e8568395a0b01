package dev.sluice.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PoisonHeadersTest {
    private static final int MAX_BYTES = 10_000;

    @Test
    void copiesByteForByteAndSaysWhereFrom() {
        Headers headers = new RecordHeaders().add("own", new byte[] {1}).add("own", new byte[] {2});
        ProducerRecord<byte[], byte[]> copy = copy(record(new byte[] {3}, new byte[] {4}, headers));
        assertThat(copy.topic()).isEqualTo("source.poison");
        assertThat(copy.key()).containsExactly(3);
        assertThat(copy.value()).containsExactly(4);
        assertThat(copy.headers().headers("own"))
                .extracting(Header::value)
                .containsExactly(new byte[] {1}, new byte[] {2});
        assertThat(header(copy, PoisonHeaders.TOPIC)).contains("source");
        assertThat(header(copy, PoisonHeaders.PARTITION)).contains("7");
        assertThat(header(copy, PoisonHeaders.OFFSET)).contains("42");
        assertThat(header(copy, PoisonHeaders.TIMESTAMP)).contains("99");
        assertThat(header(copy, PoisonHeaders.READER)).contains("group");
        assertThat(header(copy, PoisonHeaders.ERROR)).contains("java.lang.OutOfMemoryError");
        assertThat(header(copy, PoisonHeaders.OMITTED)).isEmpty();
    }

    @Test
    void leavesOutAValueThatNoRequestCouldCarry() {
        Headers headers = new RecordHeaders().add("own", new byte[] {1});
        ProducerRecord<byte[], byte[]> copy = copy(record(new byte[] {3}, new byte[MAX_BYTES], headers));
        assertThat(copy.key()).containsExactly(3);
        assertThat(copy.value()).isNull();
        assertThat(copy.headers().lastHeader("own").value()).containsExactly(1);
        assertThat(header(copy, PoisonHeaders.OMITTED))
                .hasValueSatisfying(size -> assertThat(Integer.parseInt(size)).isGreaterThan(MAX_BYTES));
    }

    @Test
    void leavesOutHeadersThatNoRequestCouldCarry() {
        Headers headers = new RecordHeaders().add("own", new byte[MAX_BYTES]);
        ProducerRecord<byte[], byte[]> copy = copy(record(new byte[] {3}, new byte[] {4}, headers));
        assertThat(copy.key()).isNull();
        assertThat(copy.value()).isNull();
        assertThat(copy.headers().lastHeader("own")).isNull();
        assertThat(header(copy, PoisonHeaders.OFFSET)).contains("42");
        assertThat(header(copy, PoisonHeaders.OMITTED)).isPresent();
    }

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record) {
        Exception error = new IllegalStateException("secret", new OutOfMemoryError("secret"));
        ProducerRecord<byte[], byte[]> copy = PoisonHeaders.copyOf(record, "group", error, MAX_BYTES);
        assertThat(copy.headers()).noneMatch(header -> new String(header.value(), UTF_8).contains("secret"));
        return copy;
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "source",
                7,
                42,
                99,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static Optional<String> header(ProducerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name)).map(header -> new String(header.value(), UTF_8));
    }
}
