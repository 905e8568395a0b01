package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random fetches, completions and commits against lists that are searched from the start. */
class ContiguousOffsetsPropertyTest {

    /** Keeps everything that ever was. */
    private static final class Oracle {
        private final List<Long> fetched = new ArrayList<>();
        private final TreeSet<Long> open = new TreeSet<>();
        private boolean moved;

        long position() {
            long position = -1;
            for (long offset : fetched) {
                if (open.contains(offset)) {
                    return position;
                }
                position = offset + 1;
            }
            return position;
        }

        int uncommittable() {
            return (int) fetched.stream().filter(offset -> offset >= position()).count();
        }
    }

    @RepeatedTest(50)
    void commitsOnlyWhatIsCompleteWithoutAGap(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ContiguousOffsets offsets = new ContiguousOffsets();
        Oracle oracle = new Oracle();
        long next = random.nextInt(100);
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    offsets.add(next);
                    oracle.fetched.add(next);
                    oracle.open.add(next);
                    // Compaction and transaction markers leave holes.
                    next += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
                }
                case 2, 3 -> completeAny(random, offsets, oracle);
                default -> commitOrForget(random, offsets, oracle);
            }
            assertThat(offsets.size()).isEqualTo(oracle.uncommittable());
            assertThat(offsets.incomplete()).isEqualTo(oracle.open.size());
            assertThat(offsets.moved()).isEqualTo(oracle.moved);
            assertThat(offsets.committable().isPresent()).isEqualTo(oracle.moved);
            offsets.committable().ifPresent(progress -> assertTells(progress, oracle));
        }
    }

    private static void completeAny(Random random, ContiguousOffsets offsets, Oracle oracle) {
        if (oracle.open.isEmpty()) {
            return;
        }
        long offset = new ArrayList<>(oracle.open).get(random.nextInt(oracle.open.size()));
        offsets.complete(offset);
        oracle.open.remove(offset);
        oracle.moved = true;
    }

    /** Whoever goes on from there reads again what is open, and nothing else. */
    private static void assertTells(Progress progress, Oracle oracle) {
        LongPredicate done = progress.done();
        for (long offset : oracle.fetched) {
            assertThat(offset >= progress.position() && !done.test(offset))
                    .as("%s is read again", offset)
                    .isEqualTo(oracle.open.contains(offset));
        }
        assertThat(done.test(Long.MAX_VALUE)).as("what comes later").isFalse();
    }

    private static void commitOrForget(Random random, ContiguousOffsets offsets, Oracle oracle) {
        if (random.nextInt(4) == 0) {
            offsets.forgetCommit();
            oracle.moved = oracle.moved || !oracle.fetched.isEmpty();
            return;
        }
        offsets.markCommitted();
        oracle.moved = false;
    }

    @Test
    void refusesOffsetsThatDoNotGrow() {
        ContiguousOffsets offsets = new ContiguousOffsets();
        offsets.add(5);
        assertThatIllegalArgumentException().isThrownBy(() -> offsets.add(5));
        assertThatIllegalArgumentException().isThrownBy(() -> offsets.add(4));
        offsets.complete(5);
        assertThatIllegalArgumentException().as("it was done").isThrownBy(() -> offsets.add(5));
    }

    @Test
    void refusesToCompleteWhatIsNotOutstanding() {
        ContiguousOffsets offsets = new ContiguousOffsets();
        offsets.add(1);
        offsets.add(2);
        offsets.complete(2);
        assertThatIllegalArgumentException().as("twice").isThrownBy(() -> offsets.complete(2));
        assertThatIllegalArgumentException().as("never fetched").isThrownBy(() -> offsets.complete(3));
        offsets.complete(1);
        assertThatIllegalArgumentException().as("long done").isThrownBy(() -> offsets.complete(1));
    }
}
