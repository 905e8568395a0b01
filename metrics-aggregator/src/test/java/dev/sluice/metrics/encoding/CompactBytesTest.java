package dev.sluice.metrics.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactBytesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE})
    void countsComeBack(long value) {
        assertThat(new CompactReader(new CompactWriter().writeCount(value).toByteArray()).readCount())
                .isEqualTo(value);
    }

    @Test
    void signedValuesComeBack() {
        LongStream values =
                LongStream.concat(LongStream.of(0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE), new Random(7).longs(1000));
        values.forEach(value -> assertThat(
                        new CompactReader(new CompactWriter().writeSigned(value).toByteArray()).readSigned())
                .isEqualTo(value));
    }

    @Test
    void textsComeBack() {
        CompactWriter out =
                new CompactWriter().writeText("").writeText("a|\u0000é€𝄞").writeText("b");
        CompactReader in = new CompactReader(out.toByteArray());
        assertThat(in.readText()).isEmpty();
        assertThat(in.readText()).isEqualTo("a|\u0000é€𝄞");
        assertThat(in.readText()).isEqualTo("b");
        in.expectEnd();
    }

    @Test
    void refusesTextsThatEndTooSoon() {
        assertThatThrownBy(() -> new CompactReader(new byte[] {3, 'a', 'b'}).readText())
                .isInstanceOf(MalformedBytesException.class)
                .hasMessageContaining("text of 3 bytes");
    }

    @Test
    void smallValuesTakeOneByte() {
        assertThat(new CompactWriter().writeCount(127).writeSigned(-64).toByteArray())
                .hasSize(2);
    }

    @Test
    void refusesNegativeCounts() {
        assertThatThrownBy(() -> new CompactWriter().writeCount(-1)).hasMessageContaining("-1");
        byte[] minusOne = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertThatThrownBy(() -> new CompactReader(minusOne).readCount())
                .isInstanceOf(MalformedBytesException.class)
                .hasMessageContaining("negative");
    }

    @Test
    void refusesIntegersOfMoreThan64Bits() {
        byte[] elevenBytes = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertThatThrownBy(() -> new CompactReader(elevenBytes).readCount()).hasMessageContaining("64 bits");
    }
}
