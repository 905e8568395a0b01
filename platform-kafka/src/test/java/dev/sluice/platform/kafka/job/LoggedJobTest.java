package dev.sluice.platform.kafka.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.schemas.RecordDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may take a job up, and when. */
class LoggedJobTest {

    static {
        // Records are trusted once one of them was read.
        RecordDecoder<Job> _ = RecordDecoder.of(Job.class);
        RecordDecoder<JobProgress> _ = RecordDecoder.of(JobProgress.class);
    }

    private static final Instant SAID = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whoeverWorksOnAJobHasItUntilNothingWasHeardForFiveSeconds() {
        assertThat(LoggedJob.SILENCE).isEqualTo(Duration.ofSeconds(5));
        LoggedJob running = job(JobState.RUNNING);

        assertThat(running.isFree(SAID)).isFalse();
        assertThat(running.isFree(SAID.minus(Duration.ofDays(1))))
                .as("a clock that is behind")
                .isFalse();
        assertThat(running.isFree(SAID.plus(LoggedJob.SILENCE))).isFalse();
        assertThat(running.isFree(SAID.plus(LoggedJob.SILENCE).plusNanos(1_000)))
                .isTrue();
    }

    @Test
    void whatNobodyHasBegunIsFreeAndWhatIsOverIsNot() {
        assertThat(job(JobState.QUEUED).isFree(SAID)).isTrue();
        for (JobState over : List.of(
                JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED, JobState.UNKNOWN)) {
            assertThat(job(over).isFree(SAID.plus(Duration.ofDays(1))))
                    .as("%s", over)
                    .isFalse();
            assertThat(job(over).isOver()).isTrue();
        }
    }

    @Test
    void theWishToStopIsKeptWithTheJob() {
        LoggedJob job = job(JobState.RUNNING);
        assertThat(job.isToBeCancelled()).isFalse();
        assertThat(new LoggedJob(job.cancelled(), job.progress(), 2).isToBeCancelled())
                .isTrue();
    }

    private static LoggedJob job(JobState state) {
        Job job = Job.newBuilder()
                .setId("job_1")
                .setTenant("acme")
                .setKind("k")
                .setParameters(Map.of())
                .setCreatedBy("key")
                .setCreatedAt(SAID)
                .build();
        JobProgress progress = JobProgress.newBuilder()
                .setJobId("job_1")
                .setTenant("acme")
                .setState(state)
                .setDone(0)
                .setFailed(0)
                .setAt(SAID)
                .build();
        return new LoggedJob(job, progress, 1);
    }
}
