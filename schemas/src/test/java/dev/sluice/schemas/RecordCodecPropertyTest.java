package dev.sluice.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecPropertyTest {
    /** Repeats a failure; another seed on another day would do as well. */
    private static final long SEED = 20260101;

    @ParameterizedTest
    @MethodSource("topics")
    void everyRecordComesBackAsItWas(TopicDescriptor<?> topic) {
        comesBack(topic, new Random(SEED));
    }

    private static <V extends SpecificRecord> void comesBack(TopicDescriptor<V> topic, Random random) {
        RegisteredSchema schema = newest(topic);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = RandomRecords.bytesOf(schema, random);
            V value = decoder(topic).decode(bytes);
            assertThat(RecordEncoder.of(topic.valueType()).encode(value)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void noPrefixOrMutationDoesWorseThanRefuse(TopicDescriptor<?> topic) {
        Random random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = RandomRecords.bytesOf(newest(topic), random);
            for (int length = 0; length < bytes.length; length++) {
                refuses(topic, Arrays.copyOf(bytes, length));
            }
            refuses(topic, Arrays.copyOf(bytes, bytes.length + 1));
            bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
            decodesOrRefuses(topic, bytes);
        }
    }

    private static void refuses(TopicDescriptor<?> topic, byte[] bytes) {
        assertThat(decodesOrRefuses(topic, bytes))
                .as(() -> HexFormat.of().formatHex(bytes))
                .isFalse();
    }

    private static boolean decodesOrRefuses(TopicDescriptor<?> topic, byte[] bytes) {
        try {
            decoder(topic).decode(bytes);
            return true;
        } catch (UndecodableRecordException e) {
            return false;
        }
    }

    /** One line per version, {@code Record/vN hex}, made once by the generic writer and never changed. */
    @ParameterizedTest
    @MethodSource("topics")
    void committedBytesOfEveryVersionAreStillRead(TopicDescriptor<?> topic) throws Exception {
        String record = topic.valueType().getSimpleName();
        for (RegisteredSchema version : SchemaCatalogue.shared().history(record)) {
            byte[] golden = golden(version);
            SpecificRecord value = decoder(topic).decode(golden);
            if (version.equals(newest(topic))) {
                assertThat(encode(topic, value)).isEqualTo(golden);
            }
            byte[] rewritten = encode(topic, value);
            assertThat(new GenericDatumReader<>(newest(topic).schema(), version.schema())
                            .read(null, DecoderFactory.get().binaryDecoder(rewritten, 5, rewritten.length - 5, null)))
                    .isNotNull();
        }
    }

    private static byte[] golden(RegisteredSchema version) {
        String name = version.record() + "/v" + version.version();
        String hex = TestFiles.resource("/golden-records.txt")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("add to golden-records.txt: " + name + " "
                        + HexFormat.of().formatHex(RandomRecords.bytesOf(version, new Random(version.id())))));
        return HexFormat.of().parseHex(hex);
    }

    private static <V extends SpecificRecord> byte[] encode(TopicDescriptor<V> topic, SpecificRecord value) {
        return RecordEncoder.of(topic.valueType()).encode(topic.valueType().cast(value));
    }

    private static <V extends SpecificRecord> RecordDecoder<V> decoder(TopicDescriptor<V> topic) {
        return RecordDecoder.of(topic.valueType());
    }

    private static RegisteredSchema newest(TopicDescriptor<?> topic) {
        return SchemaCatalogue.shared()
                .history(topic.valueType().getSimpleName())
                .getLast();
    }

    static Stream<TopicDescriptor<?>> topics() {
        return SchemaHistoryTest.recordTypes();
    }
}
