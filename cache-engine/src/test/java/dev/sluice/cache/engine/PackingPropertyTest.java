package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random bytes there and back, and what was made to harm the one who unpacks it. The seed is the repetition. */
class PackingPropertyTest {

    @RepeatedTest(100)
    void whatIsPackedIsSmallerAndComesBack(RepetitionInfo repetition) throws Exception {
        byte[] bytes = bytes(new Random(repetition.getCurrentRepetition()));
        Optional<byte[]> packed = Packing.pack(bytes);

        assertThat(packed.map(smaller -> smaller.length <= bytes.length * 7L / 8 + 1)
                        .orElse(true))
                .isTrue();
        if (packed.isPresent()) {
            ByteBuffer buffer = ByteBuffer.wrap(packed.get());
            assertThat(Packing.unpack(buffer, bytes.length)).isEqualTo(bytes);
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    @Test
    void whatCannotBeMadeSmallerIsLeft() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        assertThat(Packing.pack(noise)).isEmpty();
        assertThat(Packing.pack(new byte[0])).isEmpty();
        assertThat(Packing.pack(new byte[Packing.MAX_BYTES + 1])).isEmpty();
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] bytes = new byte[5_000];
        byte[] packed = Packing.pack(bytes).orElseThrow();
        for (int length : new int[] {0, 1, 4_999, 5_001, packed.length * 1032, Integer.MAX_VALUE, -1}) {
            assertRefused(packed, length);
        }
    }

    /** A few bytes that say they are two gigabytes: nothing may be taken for that. */
    @Test
    void aBombIsNotUnpacked() {
        byte[] zeros = new byte[32 << 20];
        byte[] bomb = Packing.pack(zeros).orElseThrow();
        assertThat(bomb.length).isLessThan(200_000);
        assertRefused(bomb, 1 << 20);
        assertRefused(Arrays.copyOf(bomb, 100), 1 << 20);
        assertRefused(bomb, Integer.MAX_VALUE);
    }

    @RepeatedTest(100)
    void changedBytesAreUnpackedToTheSameLengthOrRefused(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] bytes = new byte[1000 + random.nextInt(1000)];
        byte[] packed = Packing.pack(bytes).orElseThrow();
        packed[random.nextInt(packed.length)] = (byte) random.nextInt();
        try {
            assertThat(Packing.unpack(ByteBuffer.wrap(packed), bytes.length)).hasSize(bytes.length);
        } catch (UnreadableEntryException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @RepeatedTest(20)
    void everyPrefixAndEveryByteTooManyIsRefused(RepetitionInfo repetition) {
        byte[] bytes = "some text that is repeated, "
                .repeat(1 + repetition.getCurrentRepetition())
                .getBytes(StandardCharsets.UTF_8);
        Packing.pack(bytes).ifPresent(packed -> {
            for (int length = 0; length < packed.length; length++) {
                assertRefused(Arrays.copyOf(packed, length), bytes.length);
            }
            assertRefused(Arrays.copyOf(packed, packed.length + 1), bytes.length);
        });
    }

    private static void assertRefused(byte[] packed, int length) {
        assertThatExceptionOfType(UnreadableEntryException.class)
                .isThrownBy(() -> Packing.unpack(ByteBuffer.wrap(packed), length));
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20_000)];
        int alphabet = 1 + random.nextInt(256);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(alphabet);
        }
        return bytes;
    }
}
