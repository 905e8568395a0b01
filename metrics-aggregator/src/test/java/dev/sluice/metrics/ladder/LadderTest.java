package dev.sluice.metrics.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LadderTest {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Level SHORT = new Level("10s", Level.TEN_SECONDS, Level.HOUR);
    private static final Level MINUTE = new Level("1m", Level.MINUTE, Level.DAY);
    private static final Ladder<CacheTally> LADDER = ladder(SHORT, MINUTE);

    @Test
    void aWindowStartsAtAMultipleOfItsLength() {
        assertThat(MINUTE.startOf(0)).isZero();
        assertThat(MINUTE.startOf(59_999)).isZero();
        assertThat(MINUTE.startOf(60_000)).isEqualTo(60_000);
    }

    @Test
    void aWindowClosesWhenStreamTimeHasPassedItsEndByTheGrace() {
        assertThat(LADDER.isLate(0, 309_999)).isFalse();
        assertThat(LADDER.isLate(0, 310_000)).isTrue();
        assertThat(LADDER.isLate(0, -1)).isFalse();
        assertThat(LADDER.isClosed(1, 0, 359_999)).isFalse();
        assertThat(LADDER.isClosed(1, 0, 360_000)).isTrue();
    }

    @Test
    void whatWasWrittenIsWrittenAgainAsItWasUntilMoreIsCounted() {
        WindowTally<CacheTally> window = WindowTally.empty(CacheTally.KIND).counting(LadderTest::countOne);
        byte[] once = window.encode();
        assertThat(window.encode()).isEqualTo(once);
        WindowTally<CacheTally> folded =
                WindowTally.decode(CacheTally.KIND, window.folded().emitted().encode());
        assertThat(folded.isFolded() && folded.isEmitted()).isTrue();
        assertThat(folded.tally()).isEqualTo(window.tally());

        WindowTally<CacheTally> read = WindowTally.decode(CacheTally.KIND, once);
        assertThat(read.encode()).isEqualTo(once);
        byte[] twice = window.counting(LadderTest::countOne).encode();
        assertThat(WindowTally.decode(CacheTally.KIND, twice).tally().reads()).isEqualTo(2);
        byte[] thrice = read.plus(window.tally(), 4).encode();
        WindowTally<CacheTally> sum = WindowTally.decode(CacheTally.KIND, thrice);
        assertThat(sum.tally().reads()).isEqualTo(3);
        assertThat(sum.hasPart(4)).isTrue();
    }

    private static void countOne(CacheTally tally) {
        tally.add(ReadOutcome.MISS, 5, 6);
    }

    @Test
    void everyPartHasABitOfItsOwn() {
        assertThat(LADDER.partOf(0, 60_000)).isEqualTo(1);
        assertThat(LADDER.partOf(0, 110_000)).isEqualTo(32);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> ladder()).hasMessageContaining("levels");
        assertThatThrownBy(() -> new Level("x", Duration.ZERO, GRACE)).hasMessageContaining("size");
        assertThatThrownBy(() -> new Level("x", Level.HOUR, GRACE)).hasMessageContaining("retention");
        assertThatThrownBy(() -> new Ladder<>("x", List.of(SHORT), GRACE.negated(), CacheTally.KIND))
                .hasMessageContaining("grace");
        assertThatThrownBy(() -> ladder(new Level("10s", Level.TEN_SECONDS, Duration.ofSeconds(369))))
                .as("it would fall out of the store before it closes")
                .hasMessageContaining("retention of 10s");
        assertThatThrownBy(() -> ladder(SHORT, new Level("x", Duration.ofSeconds(25), Level.DAY)))
                .hasMessageContaining("x must be 2 to 64 times 10s");
        assertThatThrownBy(() -> ladder(SHORT, new Level("1h", Level.HOUR, Level.DAY)))
                .hasMessageContaining("1h must be 2 to 64 times 10s");
        assertThatThrownBy(() -> LADDER.levelOf(Level.DAY)).hasMessageContaining("PT24H");
    }

    @Test
    void pendingWindowsComeOutOldestFirstAndOnce() {
        PendingWindows pending = new PendingWindows();
        pending.add(120_000, "b");
        pending.add(60_000, "a");
        pending.add(60_000, "a");
        pending.add(180_000, "c");
        List<String> drained = new ArrayList<>();

        pending.drain(start -> start <= 120_000, (start, key) -> drained.add(start + key));
        pending.drain(start -> start <= 120_000, (start, key) -> drained.add(start + key));

        assertThat(drained).containsExactly("60000a", "120000b");
    }

    @Test
    void aStoredWindowComesBackWithItsStateAndParts() {
        WindowTally<CacheTally> stored = WindowTally.empty(CacheTally.KIND)
                .plus(tally(), 1L << 63 | 2)
                .folded()
                .emitted();
        WindowTally<CacheTally> read = WindowTally.decode(CacheTally.KIND, stored.encode());

        assertThat(read).isEqualTo(stored).hasSameHashCodeAs(stored);
        assertThat(read.isEmitted() && read.isFolded()).isTrue();
        assertThat(read.hasPart(2) && read.hasPart(1L << 63)).isTrue();
        assertThat(read.hasPart(1)).isFalse();
        assertThat(read.tally()).isEqualTo(tally());
        assertThat(read.plus(tally(), 0).isEmitted())
                .as("it has to go out again")
                .isFalse();
    }

    @Test
    void readsWindowsFromBeforeThereWereLongerOnes() {
        CompactWriter emitted = new CompactWriter().writeByte(1).writeByte(1);
        tally().encode(emitted);
        WindowTally<CacheTally> read = WindowTally.decode(CacheTally.KIND, emitted.toByteArray());

        assertThat(read.tally()).isEqualTo(tally());
        assertThat(read.isEmitted()).isTrue();
        assertThat(read.isFolded()).as("the hour does not have it yet").isFalse();
    }

    @Test
    void refusesEveryTruncationAndWhatItDoesNotKnow() {
        byte[] bytes =
                WindowTally.empty(CacheTally.KIND).plus(tally(), 1).emitted().encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(
                            () -> WindowTally.decode(CacheTally.KIND, truncated).tally())
                    .isInstanceOf(MalformedBytesException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> WindowTally.decode(CacheTally.KIND, longer).tally())
                .hasMessageContaining("trailing");
        bytes[1] = 4;
        assertThatThrownBy(() -> WindowTally.decode(CacheTally.KIND, bytes)).hasMessageContaining("state 4");
        bytes[0] = 3;
        assertThatThrownBy(() -> WindowTally.decode(CacheTally.KIND, bytes)).hasMessageContaining("version 3");
    }

    private static CacheTally tally() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.MISS, 5, 6);
        return tally;
    }

    private static Ladder<CacheTally> ladder(Level... levels) {
        return new Ladder<>("x", List.of(levels), GRACE, CacheTally.KIND);
    }
}
