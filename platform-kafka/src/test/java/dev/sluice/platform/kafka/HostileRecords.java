package dev.sluice.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordEncoder;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records that are not domain events, whatever they pretend: one for each way we know of. */
final class HostileRecords {
    private static final byte[] KEY = "tenant|subject".getBytes(UTF_8);

    private HostileRecords() {}

    static DomainEvent event(String id) {
        return DomainEvent.newBuilder()
                .setId(id)
                .setTenant("tenant")
                .setSource("/source")
                .setType("test.happened")
                .setTime(Instant.EPOCH)
                .setReceivedAt(Instant.EPOCH)
                .setData(ByteBuffer.wrap("{}".getBytes(UTF_8)))
                .build();
    }

    static byte[] good(String id) {
        return RecordEncoder.of(DomainEvent.class).encode(event(id));
    }

    static List<ProducerRecord<byte[], byte[]>> all(String topic, Random random) {
        byte[] good = good("good");
        byte[] prefix = Arrays.copyOf(good, 5);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte @Nullable [] value : new byte @Nullable [] @Nullable [] {
            {},
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, 5),
            "{\"id\":\"json\"}".getBytes(UTF_8),
            filled(64, 0xff),
            filled(64, 0),
            Arrays.copyOf(good, good.length + 50),
            Arrays.copyOfRange(good, 5, good.length),
            concat(prefix, varint(Integer.MAX_VALUE)),
            concat(prefix, varint(Integer.MAX_VALUE - 8L)),
            concat(prefix, varint(Long.MAX_VALUE)),
            concat(prefix, varint(-1)),
            concat(prefix, filled(11, 0x80)),
            concat(prefix, new byte[] {4, (byte) 0xc3, (byte) 0x28}),
            concat(new byte[] {0, 0x7f, 0, 0, 1}, good),
            concat(new byte[] {0, 0, 0, 0, 2}, good),
            concat(new byte[] {(byte) 0xc3, 1}, good),
            random(random, 1_000),
            filled(1024 * 1024 + 1, 0),
            null
        }) {
            records.add(new ProducerRecord<>(topic, KEY, value));
        }
        records.add(new ProducerRecord<>(topic, null, good));
        records.add(new ProducerRecord<>(topic, new byte[] {(byte) 0xff, 1}, good));
        records.add(withHeaders(topic, 1_000, 10));
        records.add(withHeaders(topic, 1, 100_000));
        records.add(withForgedHeaders(topic));
        return records;
    }

    private static ProducerRecord<byte[], byte[]> withHeaders(String topic, int count, int size) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, KEY, new byte[] {9});
        for (int i = 0; i < count; i++) {
            record.headers().add("header-" + i, filled(size, i));
        }
        return record;
    }

    private static ProducerRecord<byte[], byte[]> withForgedHeaders(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, KEY, new byte[] {9});
        Map.of(
                        "retry_topic-attempts", new byte[] {-1, -1, -1, -1},
                        "retry_topic-original-timestamp", new byte[0],
                        "retry_topic-backoff-timestamp", new byte[9],
                        "spring_json_header_types", "{\"a\":\"java.net.InetAddress\"}".getBytes(UTF_8),
                        "springDeserializerExceptionValue", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5},
                        "__TypeId__", "java.util.logging.FileHandler".getBytes(UTF_8),
                        "sluice-poison-topic", Topics.AUDIT.name().getBytes(UTF_8))
                .forEach(record.headers()::add);
        return record;
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** Avro's zig-zag varint. */
    private static byte[] varint(long value) {
        long rest = (value << 1) ^ (value >> 63);
        ByteBuffer bytes = ByteBuffer.allocate(10);
        while ((rest & ~0x7fL) != 0) {
            bytes.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
