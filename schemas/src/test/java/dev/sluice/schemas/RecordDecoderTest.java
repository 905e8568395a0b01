package dev.sluice.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.record.Tier;
import dev.sluice.schemas.UndecodableRecordException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDecoderTest {
    private final RecordEncoder<Tier> encoder = RecordEncoder.of(Tier.class);
    private final RecordDecoder<Tier> decoder = RecordDecoder.of(Tier.class);

    @Test
    void writesTheConfluentPrefix() {
        byte[] bytes = encoder.encode(tier("free"));
        int id = SchemaCatalogue.shared().idOf(Tier.getClassSchema());
        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 0, 0, 0, id);
        assertThat(decoder.decode(bytes)).isEqualTo(tier("free"));
    }

    /** After the prefix 0000000009 of a Tier; the first field is a string. */
    @ParameterizedTest
    @CsvSource({
        "'', EMPTY",
        "00, NO_PREFIX",
        "00000000, NO_PREFIX",
        "7b22616263223a317d, NO_PREFIX",
        "c301000000000000, NO_PREFIX",
        "0000000001, WRONG_RECORD",
        "000000000901, MALFORMED",
        "0000000000, UNKNOWN_SCHEMA",
        "007fffffff, UNKNOWN_SCHEMA",
        "0080000000, UNKNOWN_SCHEMA",
        "0000000009, TRUNCATED",
        "0000000009fe, TRUNCATED",
        "0000000009feffffff0f, TRUNCATED",
        "0000000009eeffffff0f, TRUNCATED",
        "0000000009feffffffffffffffff01, TRUNCATED",
        "0000000009ffffffffffffffffff01, MALFORMED",
        "0000000009ffffffffffffffffff02, MALFORMED",
        "0000000009808080808080808080808001, MALFORMED",
        "000000000904c328, INVALID_UTF8",
        "000000000906eda080, INVALID_UTF8",
        // name, description, then a count of items that are not there
        "00000000090000feffffffffffffffff01, TRUNCATED",
        "00000000090000ffffffffffffffffff0100, MALFORMED",
        "00000000090000010100, MALFORMED",
    })
    void refuses(String hex, Reason reason) {
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> decoder.decode(HexFormat.of().parseHex(hex)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void refusesWhatFollowsTheRecord() {
        byte[] bytes = encoder.encode(tier("free"));
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> decoder.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TRAILING_BYTES));
    }

    @Test
    void refusesMoreThanTheLimitAndNothingLess() {
        byte[] bytes = encoder.encode(tier("free"));
        assertThat(RecordDecoder.of(Tier.class, bytes.length).decode(bytes)).isEqualTo(tier("free"));
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> RecordDecoder.of(Tier.class, bytes.length - 1).decode(bytes))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.OVERSIZE));
        assertThat(RecordEncoder.of(Tier.class, bytes.length).encode(tier("free")))
                .isEqualTo(bytes);
        assertThatExceptionOfType(UnencodableRecordException.class)
                .isThrownBy(() -> RecordEncoder.of(Tier.class, bytes.length - 1).encode(tier("free")))
                .satisfies(e -> assertThat(e.oversize()).isTrue());
    }

    @Test
    void keepsAReplacementCharacterThatWasWritten() {
        Tier odd = tier("\uFFFD and \uFFFD");
        assertThat(decoder.decode(encoder.encode(odd))).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\uDC00b", "\uD83D", "\uDE42\uD83D"})
    void doesNotWriteHalfASurrogatePair(String text) {
        assertThatThrownBy(() -> encoder.encode(tier(text))).isInstanceOf(UnencodableRecordException.class);
        assertThat(decoder.decode(encoder.encode(tier("🙂")))).isEqualTo(tier("🙂"));
    }

    @Test
    void doesNotWriteARecordThatLacksAField() {
        assertThatThrownBy(() -> encoder.encode(new Tier())).isInstanceOf(UnencodableRecordException.class);
        assertThat(decoder.decode(encoder.encode(tier("next")))).isEqualTo(tier("next"));
    }

    @Test
    void writesLargeRecordsAndSmallOnesAfterThem() {
        Tier large = tier("x".repeat(500_000));
        assertThat(decoder.decode(encoder.encode(large))).isEqualTo(large);
        assertThat(decoder.decode(encoder.encode(tier("small")))).isEqualTo(tier("small"));
    }

    @Test
    void turnsErrorsOfTheReaderIntoARefusal() {
        byte[] bytes = encoder.encode(tier("free"));
        for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError())) {
            RecordDecoder<Tier> dying = RecordDecoder.reading(Tier.class, schema -> new DyingReader(error));
            assertThatExceptionOfType(UndecodableRecordException.class)
                    .isThrownBy(() -> dying.decode(bytes))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EXHAUSTED));
        }
        RecordDecoder<Tier> broken = RecordDecoder.reading(Tier.class, schema -> new DyingReader(new LinkageError()));
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> broken.decode(bytes))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    @Test
    void namesNoContentInItsMessages() {
        byte[] bytes = Arrays.copyOf(encoder.encode(tier("secret-name")), 12);
        assertThatThrownBy(() -> decoder.decode(bytes)).message().doesNotContain("secret");
        assertThat(new String(bytes, UTF_8)).contains("s");
    }

    private static Tier tier(String name) {
        return Tier.newBuilder()
                .setName(name)
                .setDescription("")
                .setLimits(List.of())
                .setCosts(Map.of())
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    private record DyingReader(Error error) implements DatumReader<Tier> {
        @Override
        public void setSchema(Schema schema) {}

        @Override
        public Tier read(Tier reuse, Decoder in) throws IOException {
            throw error;
        }
    }
}
