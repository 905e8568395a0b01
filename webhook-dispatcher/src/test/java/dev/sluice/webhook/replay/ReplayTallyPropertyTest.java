package dev.sluice.webhook.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.webhook.TrustedRecords;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs that are taken up again and again, against a set of all records there are. */
class ReplayTallyPropertyTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeAll
    static void letAvroMakeRecords() {
        TrustedRecords.load();
    }

    @Test
    void whoeverTakesAJobUpGoesOnWhereItStandsAndLeavesNothingOut() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Map<Integer, Long> starts = new HashMap<>();
            Map<Integer, Long> ends = new HashMap<>();
            Set<String> wanted = new TreeSet<>();
            for (int partition = 0; partition < 3; partition++) {
                long start = random.nextInt(20);
                long end = start + random.nextInt(30) - 5;
                starts.put(partition, start);
                ends.put(partition, end);
                for (long offset = start; offset < end; offset++) {
                    wanted.add(partition + "/" + offset);
                }
            }
            JobProgress progress = JobProgress.newBuilder()
                    .setJobId("job")
                    .setTenant("acme")
                    .setState(JobState.QUEUED)
                    .setDone(0)
                    .setFailed(0)
                    .setAt(AT)
                    .build();
            ReplayTally tally = new ReplayTally(progress);
            assertThat(tally.isLaidOut()).isFalse();
            tally.layOut(starts, ends);
            Set<String> seen = new TreeSet<>();
            long sent = 0;
            while (!tally.open().isEmpty()) {
                Map.Entry<Integer, Long> next = tally.open().entrySet().stream()
                        .toList()
                        .get(random.nextInt(tally.open().size()));
                seen.add(next.getKey() + "/" + next.getValue());
                if (random.nextBoolean()) {
                    tally.sent();
                    sent++;
                } else {
                    tally.skipped();
                }
                tally.settled(next.getKey(), next.getValue() + 1);
                // What was read before comes again when somebody else begins a little earlier.
                tally.settled(next.getKey(), Math.max(0, next.getValue() - 3));
                progress = tally.progress(progress, JobState.RUNNING, null, AT);
                if (random.nextInt(4) == 0) {
                    tally = new ReplayTally(progress);
                    assertThat(tally.isLaidOut()).isTrue();
                }
            }
            progress = tally.progress(progress, JobState.SUCCEEDED, null, AT);
            assertThat(seen).as("seed %d", seed).isEqualTo(wanted);
            assertThat(progress.getTotal()).isEqualTo(wanted.size());
            assertThat(progress.getDone()).isEqualTo(wanted.size());
            assertThat(progress.getCounts()).containsEntry(ReplayTally.SENT, sent);
        }
    }
}
