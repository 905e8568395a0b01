package dev.sluice.metrics.distinct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random keys, some of them again and again, against a set. The seed is the repetition. */
class DistinctKeysPropertyTest {
    @RepeatedTest(30)
    void estimatesWithinFiveStandardErrorsAndMergesExactly(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Set<Long> exact = new HashSet<>();
        DistinctKeys whole = new DistinctKeys();
        DistinctKeys left = new DistinctKeys();
        DistinctKeys right = new DistinctKeys();
        int keys = 1 << repetition.getCurrentRepetition() % 16;
        long salt = random.nextLong();
        for (int i = 0; i < keys * 2; i++) {
            long hash = new SplittableRandom(salt + random.nextInt(keys)).nextLong();
            exact.add(hash);
            whole.add(hash);
            (random.nextBoolean() ? left : right).add(hash);
        }
        DistinctKeys other = decode(encode(right));
        right.merge(left);
        left.merge(other);

        assertThat(left).isEqualTo(whole).isEqualTo(right).hasSameHashCodeAs(whole);
        assertThat(decode(encode(whole))).isEqualTo(whole);
        assertThat(encode(left)).isEqualTo(encode(whole));
        assertThat(whole.met()).isEqualTo(keys * 2L);
        assertThat((double) whole.estimate())
                .isBetween(
                        exact.size() * (1 - 5 * DistinctKeys.STANDARD_ERROR) - 1,
                        exact.size() * (1 + 5 * DistinctKeys.STANDARD_ERROR) + 1);
    }

    @Test
    void aFewKeysTakeAFewBytes() {
        DistinctKeys keys = new DistinctKeys();
        assertThat(encode(keys)).hasSize(3);
        for (int i = 0; i < 1000; i++) {
            keys.add(1);
        }
        assertThat(keys.estimate()).isEqualTo(1);
        assertThat(encode(keys)).hasSizeLessThan(8);
    }

    @Test
    void refusesEveryTruncationAndWhatCannotBe() {
        DistinctKeys keys = new DistinctKeys();
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = encode(keys);
            if (i == 3 || i == 100 || i == 1999) {
                for (int length = 0; length < bytes.length; length++) {
                    byte[] truncated = Arrays.copyOf(bytes, length);
                    assertThatThrownBy(() -> decode(truncated)).isInstanceOf(MalformedBytesException.class);
                }
            }
            keys.add(random.nextLong());
        }
        assertThatThrownBy(() -> decode(new byte[] {1, 1, 2, 1, 5, 1, 5})).hasMessageContaining("2 filled registers");
        assertThatThrownBy(() -> decode(new byte[] {1, 2, 2, 1, 5, 0, 5})).hasMessageContaining("out of range");
        assertThatThrownBy(() -> decode(new byte[] {1, 2, 1, (byte) 0x81, 4, 5}))
                .hasMessageContaining("out of range");
        assertThatThrownBy(() -> decode(new byte[] {2})).hasMessageContaining("version 2");
    }

    private static byte[] encode(DistinctKeys keys) {
        CompactWriter out = new CompactWriter();
        keys.encode(out);
        return out.toByteArray();
    }

    private static DistinctKeys decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        DistinctKeys keys = DistinctKeys.decode(in);
        in.expectEnd();
        return keys;
    }
}
