package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whatever the offsets, a token is read as it was written; and no mangled one is taken for another place. */
class PositionTokenPropertyTest {

    private static final int ROUNDS = 5_000;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final RandomGenerator random = new Random(20260131);

    @Test
    void everyTokenIsReadAsItWasWritten() {
        for (int round = 0; round < ROUNDS; round++) {
            Positions positions = positions();
            String text = PositionToken.write("acme", positions);
            assertThat(text.length()).isLessThanOrEqualTo(PositionToken.MAX_LENGTH);
            assertThat(PositionToken.read("acme", text))
                    .as("%s %s", positions, text)
                    .contains(positions);
        }
    }

    @Test
    void aTokenWithOneOtherCharacterIsNone() {
        for (int round = 0; round < ROUNDS; round++) {
            Positions positions = positions();
            StringBuilder text = new StringBuilder(PositionToken.write("acme", positions));
            int at = random.nextInt(text.length());
            char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            boolean same = text.charAt(at) == other;
            text.setCharAt(at, other);
            assertThat(PositionToken.read("acme", text.toString()).isPresent())
                    .as("%s %s", positions, text)
                    .isEqualTo(same);
        }
    }

    private Positions positions() {
        int partitions = random.nextInt(0, 60);
        return Positions.of(LongStream.generate(() -> random.nextLong() >>> random.nextInt(1, 64))
                        .limit(partitions)
                        .toArray())
                .inLog(random.nextInt());
    }
}
