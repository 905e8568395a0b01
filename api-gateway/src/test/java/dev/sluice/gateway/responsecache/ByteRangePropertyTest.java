package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares ranges with the bytes that they stand for, looked at one by one. */
class ByteRangePropertyTest {

    @Test
    void namesTheBytesThatWereAskedFor() {
        Random random = Randomness.seeded();
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(20);
            boolean suffix = random.nextInt(3) == 0;
            int a = random.nextInt(25);
            int b = a + random.nextInt(25);
            boolean open = random.nextBoolean();
            String text = suffix ? "-" + a : a + "-" + (open ? "" : b);
            StringBuilder wanted = new StringBuilder();
            for (int at = 0; at < length; at++) {
                boolean inside = suffix ? at >= length - a : at >= a && (open || at <= b);
                wanted.append(inside ? (char) ('a' + at) : "");
            }
            Optional<ByteRange> range = ByteRange.of(Fields.NONE.with("Range", "bytes=" + text), length);
            assertThat(range).as(text).isPresent();
            String all = "abcdefghijklmnopqrstuvwxyz".substring(0, length);
            String got = range.get().isSatisfiable()
                    ? all.substring((int) range.get().first(), (int) range.get().last() + 1)
                    : "";
            assertThat(got).as("%s of %s", text, length).isEqualTo(wanted.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes=a-b", "bytes=1", "items=0-1", "bytes=--1"})
    void takesNothingElseForARange(String text) {
        assertThat(ByteRange.of(Fields.NONE.with("Range", text), 10)).isEmpty();
    }
}
