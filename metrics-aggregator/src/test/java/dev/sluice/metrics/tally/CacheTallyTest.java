package dev.sluice.metrics.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CacheTallyTest {
    private static final List<ReadOutcome> OUTCOMES = List.of(ReadOutcome.values());
    private static final List<CacheOutcome> LOGGED = List.of(CacheOutcome.values());
    private static final List<MissClass> CLASSES = List.of(MissClass.values());

    @Test
    void hitsAndMissesAddUpToTheReads() {
        CacheTally tally = new CacheTally();
        for (ReadOutcome outcome : ReadOutcome.values()) {
            tally.add(outcome, 10, 100);
        }
        assertThat(tally.reads()).isEqualTo(7);
        assertThat(tally.hits()).isEqualTo(4);
        assertThat(tally.misses()).isEqualTo(3);
        assertThat(tally.bytes()).isEqualTo(700);
        assertThat(tally.latency().count()).isEqualTo(7);
    }

    @Test
    void everyOutcomeOfTheLogHasItsCountOfTheSameName() {
        for (CacheOutcome outcome : CacheOutcome.values()) {
            assertThat(ReadOutcome.of(outcome).name()).isEqualTo(outcome.name());
        }
    }

    @Test
    void codesNeverChangeBecauseStoresHoldThem() {
        assertThat(Arrays.stream(ReadOutcome.values()).map(outcome -> outcome.code() + outcome.label()))
                .containsExactly("0l1_hit", "1l2_hit", "2stale", "3miss", "4negative", "5error", "6unknown");
    }

    @RepeatedTest(20)
    void mergingAnySplitIsTheSameAsOneTally(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        CacheTally whole = new CacheTally();
        CacheTally left = new CacheTally();
        CacheTally right = new CacheTally();
        for (int i = 0; i < 500; i++) {
            ReadOutcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
            long latency = random.nextLong(1_000_000_000);
            long size = random.nextLong(10_000);
            long key = random.nextLong();
            whole.add(outcome, latency, size, key);
            (random.nextBoolean() ? left : right).add(outcome, latency, size, key);
        }
        left.merge(right);
        assertThat(left).isEqualTo(whole).hasSameHashCodeAs(whole);
        assertThat(decode(encode(whole))).isEqualTo(whole);
    }

    @Test
    void refusesEveryTruncation() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.MISS, 5, 6);
        byte[] bytes = encode(tally);
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> decode(truncated)).isInstanceOf(MalformedBytesException.class);
        }
    }

    @Test
    void readsATallyFromBeforeKeysAndAnOutcomeWereAdded() {
        CacheTally tally = decode(new byte[] {1, 3, 4, 5, 6, 7, 1, 0});
        assertThat(tally.count(ReadOutcome.STALE)).isEqualTo(6);
        assertThat(tally.reads()).isEqualTo(15);
        assertThat(tally.bytes()).isEqualTo(7);
    }

    /** Version 2: one outcome of three reads that missed, a byte, no latencies, no keys. */
    @Test
    void ofMissesFromBeforeThereWereCausesNoneIsExplained() {
        CacheTally tally = decode(new byte[] {2, 4, 0, 0, 0, 3, 1, 1, 0, 1, 0, 0});
        assertThat(tally.misses()).isEqualTo(3);
        assertThat(tally.count(MissCause.UNEXPLAINED)).isEqualTo(3);
        assertThat(tally.loads()).isZero();
        assertThat(decode(encode(tally))).isEqualTo(tally);
    }

    @Test
    void refusesCausesThatDoNotAddUpToTheMisses() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.L1_HIT, 5, 6);
        byte[] bytes = encode(tally);
        // Behind the outcomes: of the one hit, a miss.
        bytes[2] = 0;
        bytes[5] = 1;
        assertThatThrownBy(() -> decode(bytes)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void aHitHasNoCauseWhateverItsNodeSays() {
        CacheTally tally = new CacheTally();
        tally.add(CacheRead.newBuilder()
                .setOffsetMicros(0)
                .setOutcome(CacheOutcome.STALE)
                .setLatencyNanos(1)
                .setSizeBytes(1)
                .setKeyHash(1)
                .setMissClass(MissClass.EXPIRED)
                .build());
        assertThat(tally.misses()).isZero();
        assertThat(tally.count(MissCause.EXPIRED)).isZero();
    }

    @Test
    void causesHaveTheNamesOfTheLogAndCodesThatNeverChange() {
        assertThat(Arrays.stream(MissCause.values()).map(cause -> cause.code() + cause.label()))
                .containsExactly("0cold", "1expired", "2evicted", "3invalidated", "4unexplained");
        assertThat(Arrays.stream(MissClass.values()).map(MissCause::of)).containsExactly(MissCause.values());
    }

    @Test
    void aBatchCountsAsItsReadsOneByOne() {
        Random random = new Random(7);
        CacheTally together = new CacheTally();
        CacheTally oneByOne = new CacheTally();
        Map<ReadOutcome, Long> outcomes = new EnumMap<>(ReadOutcome.class);
        Map<MissCause, Long> causes = new EnumMap<>(MissCause.class);
        long loads = 0;
        long loadMicros = 0;
        for (int batch = 0; batch < 100; batch++) {
            List<CacheRead> reads = new ArrayList<>();
            for (int i = random.nextInt(300); i > 0; i--) {
                CacheRead read = randomRead(random);
                ReadOutcome outcome = ReadOutcome.of(read.getOutcome());
                oneByOne.add(outcome, read.getLatencyNanos(), read.getSizeBytes(), read.getKeyHash());
                outcomes.merge(outcome, 1L, Long::sum);
                if (outcome.verdict() == ReadOutcome.Verdict.MISS) {
                    causes.merge(MissCause.of(read.getMissClass()), 1L, Long::sum);
                }
                loads += read.getLoadMicros() > 0 ? 1 : 0;
                loadMicros += Math.max(0, read.getLoadMicros());
                reads.add(read);
            }
            together.add(reads);
        }

        for (ReadOutcome outcome : OUTCOMES) {
            assertThat(together.count(outcome)).as(outcome.label()).isEqualTo(outcomes.getOrDefault(outcome, 0L));
        }
        for (MissCause cause : MissCause.values()) {
            assertThat(together.count(cause)).as(cause.label()).isEqualTo(causes.getOrDefault(cause, 0L));
        }
        assertThat(together.bytes()).isEqualTo(oneByOne.bytes());
        assertThat(together.loads()).isEqualTo(loads);
        assertThat(together.loadMicros()).isEqualTo(loadMicros);
        assertThat(together.latency()).isEqualTo(oneByOne.latency());
        assertThat(together.keys()).isEqualTo(oneByOne.keys());
        assertThat(together.frequent().top()).isEqualTo(oneByOne.frequent().top());
        assertThat(together.frequent().maxError()).isEqualTo(oneByOne.frequent().maxError());
        assertThat(decode(encode(together))).isEqualTo(together);
    }

    @Test
    void sumsThatWouldOverflowStayAtTheMost() {
        CacheRead most = randomRead(new Random(8));
        most.setSizeBytes(Long.MAX_VALUE);
        most.setLoadMicros(Long.MAX_VALUE);
        CacheTally tally = new CacheTally();
        tally.add(List.of(most, most));

        assertThat(tally.bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(tally.loadMicros()).isEqualTo(Long.MAX_VALUE);
        assertThat(tally.loads()).isEqualTo(2);
        tally.merge(decode(encode(tally)));
        assertThat(tally.bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(tally.loadMicros()).isEqualTo(Long.MAX_VALUE);
    }

    /** Some of what it says cannot be. */
    private static CacheRead randomRead(Random random) {
        long nanos =
                random.nextInt(50) == 0 ? random.nextLong() : (long) (1_000 * Math.exp(random.nextGaussian()) - 500);
        return CacheRead.newBuilder()
                .setOffsetMicros(0)
                .setOutcome(LOGGED.get(random.nextInt(LOGGED.size())))
                .setMissClass(CLASSES.get(random.nextInt(CLASSES.size())))
                .setLatencyNanos(nanos)
                .setSizeBytes(random.nextLong(-10, 500))
                .setLoadMicros(random.nextBoolean() ? 0 : random.nextLong(-10, 1_000))
                .setKeyHash(((long) (random.nextGaussian() * 300)) * 0x9E3779B97F4A7C15L)
                .build();
    }

    @Test
    void negativeSizesCountAsZero() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.MISS, 1, Long.MIN_VALUE);
        assertThat(tally.bytes()).isZero();
        assertThat(tally.reads()).isEqualTo(1);
    }

    private static byte[] encode(CacheTally tally) {
        CompactWriter out = new CompactWriter();
        tally.encode(out);
        return out.toByteArray();
    }

    private static CacheTally decode(byte[] bytes) {
        return CacheTally.decode(new CompactReader(bytes));
    }
}
