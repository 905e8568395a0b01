package dev.sluice.metrics.frequent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.frequent.FrequentKeys.Frequent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Against exact counts of streams from uniform to very skewed. The seed is the repetition. */
class FrequentKeysPropertyTest {
    private static final int PARTS = 12;

    @RepeatedTest(40)
    void everyCountIsWithinTheErrorAndTheErrorWithinItsBound(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<Long, Long> exact = new HashMap<>();
        FrequentKeys keys = new FrequentKeys();
        for (long key : stream(random)) {
            exact.merge(key, 1L, Long::sum);
            keys.add(key);
        }
        assertHolds(keys, exact);
    }

    /** Where the largest that is not kept is no small count either. */
    @Test
    void manyLargeCountsLeaveNoMoreThanThereIsRoomForAndErrorsWithinTheBound() {
        FrequentKeys sum = met(0, 1000);
        long met = metIn(1000);
        for (int more = 1; more <= 20; more++) {
            sum.merge(met(more, 300));
            met += metIn(300);

            assertThat(sum.top()).hasSizeLessThanOrEqualTo(FrequentKeys.CAPACITY);
            assertThat(sum.top()).extracting(Frequent::hash).doesNotHaveDuplicates();
            assertThat(sum.maxError()).isLessThanOrEqualTo(met / (FrequentKeys.CAPACITY + 1));
        }
    }

    /** As many keys as there is room for, of which the first was met so often, and each of the others once more than the one before. */
    private static FrequentKeys met(int part, int least) {
        FrequentKeys keys = new FrequentKeys();
        for (int key = 0; key < FrequentKeys.CAPACITY; key++) {
            for (int time = 0; time < least + key; time++) {
                keys.add(1_000L * part + key);
            }
        }
        return keys;
    }

    private static long metIn(int least) {
        long keys = FrequentKeys.CAPACITY;
        return keys * least + keys * (keys - 1) / 2;
    }

    @Test
    void whatTheOtherHasMetLastIsMergedAsWell() {
        FrequentKeys sum = new FrequentKeys();
        FrequentKeys other = new FrequentKeys();
        other.add(7);
        other.add(7);
        sum.merge(other);
        sum.add(7);
        assertThat(sum.top()).containsExactly(new Frequent(7, 3));
        assertThat(other.top()).containsExactly(new Frequent(7, 2));
    }

    /** However it is split, and in whatever order and grouping the parts are merged, also through bytes. */
    @RepeatedTest(40)
    void mergedInAnyGroupingTheSameHolds(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<Long, Long> exact = new HashMap<>();
        List<FrequentKeys> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            parts.add(new FrequentKeys());
        }
        for (long key : stream(random)) {
            exact.merge(key, 1L, Long::sum);
            parts.get(random.nextInt(PARTS)).add(key);
        }
        while (parts.size() > 1) {
            Collections.shuffle(parts, random);
            FrequentKeys left = parts.removeLast();
            FrequentKeys right = parts.getLast();
            List<Frequent> before = left.top();
            right.merge(random.nextBoolean() ? left : decode(encode(left)));
            assertThat(left.top()).as("the other one stays as it is").isEqualTo(before);
        }
        assertHolds(parts.getFirst(), exact);
    }

    @Test
    void fewKeysAreCountedExactly() {
        FrequentKeys keys = new FrequentKeys();
        for (int i = 0; i < 10_000; i++) {
            keys.add(i % FrequentKeys.CAPACITY);
        }
        assertThat(keys.maxError()).isZero();
        assertThat(keys.top().getFirst()).isEqualTo(new Frequent(0, 313));
        assertThat(keys.top()).hasSize(FrequentKeys.CAPACITY);
    }

    @Test
    void refusesEveryTruncationAndWhatCannotBe() {
        FrequentKeys keys = new FrequentKeys();
        keys.add(5);
        keys.add(Long.MIN_VALUE);
        byte[] bytes = encode(keys);
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> decode(truncated)).isInstanceOf(MalformedBytesException.class);
        }
        byte[] neverMet = {1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0};
        assertThatThrownBy(() -> decode(neverMet)).isInstanceOf(MalformedBytesException.class);
        byte[] tooMany = {1, 0, 33};
        assertThatThrownBy(() -> decode(tooMany)).isInstanceOf(MalformedBytesException.class);
        assertThat(decode(bytes).top()).isEqualTo(keys.top());
    }

    private static void assertHolds(FrequentKeys keys, Map<Long, Long> exact) {
        long met = exact.values().stream().mapToLong(count -> count).sum();
        long error = keys.maxError();
        List<Frequent> top = keys.top();
        assertThat(error).isLessThanOrEqualTo(met / (FrequentKeys.CAPACITY + 1));
        for (Frequent frequent : top) {
            assertThat(exact.get(frequent.hash())).isBetween(frequent.count(), frequent.count() + error);
        }
        Map<Long, Long> kept = top.stream().collect(Collectors.toMap(Frequent::hash, Frequent::count));
        exact.forEach((key, count) -> {
            if (count > error) {
                assertThat(kept).as("met %d times", count).containsKey(key);
            }
        });
        assertThat(top).isSortedAccordingTo((left, right) -> Long.compare(right.count(), left.count()));
        assertThat(top).hasSizeLessThanOrEqualTo(FrequentKeys.CAPACITY);
    }

    /** Up to some thousand keys, of which some are met far more often than others. */
    private static List<Long> stream(Random random) {
        int different = 1 + random.nextInt(3_000);
        double skew = random.nextDouble(4);
        List<Long> stream = new ArrayList<>();
        int length = random.nextInt(20_000);
        for (int i = 0; i < length; i++) {
            long key = (long) (different * Math.pow(random.nextDouble(), 1 + skew));
            stream.add(key * 0x9E3779B97F4A7C15L);
        }
        return stream;
    }

    private static byte[] encode(FrequentKeys keys) {
        CompactWriter out = new CompactWriter();
        keys.encode(out);
        return out.toByteArray();
    }

    private static FrequentKeys decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        FrequentKeys keys = FrequentKeys.decode(in);
        in.expectEnd();
        return keys;
    }
}
