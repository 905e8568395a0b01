package dev.sluice.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Random values of any schema, and their bytes as Avro's own generic writer makes them: the oracle. */
final class RandomRecords {
    private static final String[] TEXTS = {"", "a", "tenant|key", "äöü", "日本語", "🙂", "\u0000", "\uFFFD"};

    private RandomRecords() {}

    /** In the wire format. */
    static byte[] bytesOf(RegisteredSchema schema, RandomGenerator random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(WireFormat.prefix(schema.id()));
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(schema.schema()).write(value(schema.schema(), random), encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Object value(Schema schema, RandomGenerator random) {
        return switch (schema.getType()) {
            case RECORD -> record(schema, random);
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case UNION -> value(schema.getTypes().get(random.nextInt(2)), random);
            case ARRAY -> array(schema, random);
            case MAP -> map(schema, random);
            case STRING -> TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(100);
            case BYTES -> bytes(random);
            case BOOLEAN -> random.nextBoolean();
            case INT -> schema.getLogicalType() == null ? random.nextInt() : random.nextInt(-100_000, 100_000);
            case LONG ->
                schema.getLogicalType() == null
                        ? random.nextLong() >> random.nextInt(64)
                        : random.nextLong(-(1L << 55), 1L << 55);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble() * 1e9;
            case NULL -> JsonProperties.NULL_VALUE;
            case FIXED -> throw new IllegalArgumentException("no schema has fixed values");
        };
    }

    private static GenericData.Record record(Schema schema, RandomGenerator random) {
        GenericData.Record record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            Object value = value(field.schema(), random);
            if (!JsonProperties.NULL_VALUE.equals(value)) {
                record.put(field.pos(), value);
            }
        }
        return record;
    }

    private static List<Object> array(Schema schema, RandomGenerator random) {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            items.add(value(schema.getElementType(), random));
        }
        return items;
    }

    /** One entry at most: a map has no order, and bytes are compared. */
    private static Map<String, Object> map(Schema schema, RandomGenerator random) {
        Map<String, Object> entries = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            entries.put("key" + random.nextInt(), value(schema.getValueType(), random));
        }
        return entries;
    }

    private static ByteBuffer bytes(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
