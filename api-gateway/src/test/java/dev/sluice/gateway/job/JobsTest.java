package dev.sluice.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JobsTest {

    private final FakeLogTable<Job> jobLog = FakeLogTable.unread();
    private final FakeLogTable<JobProgress> progressLog = FakeLogTable.unread();
    private final FakeClock clock = FakeClock.fixed();
    private final Jobs jobs = new Jobs(new JobTable(jobLog, progressLog), new JobProperties(2), clock);

    @Test
    void callsAJobInterruptedThatSaysNothingMore() {
        load();
        open("acme", "job_1", JobState.RUNNING);
        assertThat(state("acme", "job_1")).isEqualTo("running");
        clock.advance(Duration.ofSeconds(2));
        assertThat(jobs.silentIn(jobs.require("acme", "job_1"))).isEqualTo(Duration.ofSeconds(3));
        clock.advance(Duration.ofSeconds(4));
        assertThat(jobs.silentIn(jobs.require("acme", "job_1"))).isZero();
        assertThat(state("acme", "job_1")).isEqualTo("interrupted");
        open("acme", "job_1", JobState.SUCCEEDED);
        clock.advance(Duration.ofDays(1));
        assertThat(state("acme", "job_1")).isEqualTo("succeeded");
    }

    @Test
    void answersAnotherTenantsJobAsNone() {
        load();
        open("acme", "job_1", JobState.RUNNING);
        ProblemException none = catchThrowableOfType(ProblemException.class, () -> jobs.require("other", "job_2"));
        ProblemException others = catchThrowableOfType(ProblemException.class, () -> jobs.require("other", "job_1"));
        assertThat(others.getMessage()).isEqualTo(none.getMessage());
        assertThat(others.type().status()).isEqualTo(404);
        assertThatThrownBy(() -> jobs.cancel("other", "job_1").block()).hasMessage(none.getMessage());
        assertThat(jobs.list("other", "", 10)).isEmpty();
    }

    @Test
    void listsTheNewestFirstAndForgetsTheOldest() {
        load();
        for (String id : List.of("job_1", "job_2", "job_3")) {
            open("acme", id, JobState.SUCCEEDED);
            clock.advance(Duration.ofSeconds(1));
        }
        open("other", "job_4", JobState.SUCCEEDED);
        assertThat(ids(jobs.list("acme", "", 10))).containsExactly("job_3", "job_2");
        assertThat(ids(jobs.list("acme", "job_3", 10))).containsExactly("job_2");
        assertThat(jobLog.find("job_1")).isEmpty();
        assertThat(progressLog.find("job_1")).isEmpty();
    }

    @Test
    void tellsARunningJobToStopAndCallsAnInterruptedOneCancelled() {
        load();
        open("acme", "job_1", JobState.RUNNING);
        assertThat(jobs.isToBeCancelled("job_1")).isFalse();
        jobs.cancel("acme", "job_1").block();
        assertThat(jobs.isToBeCancelled("job_1")).isTrue();
        clock.advance(Duration.ofSeconds(16));
        jobs.cancel("acme", "job_1").block();
        assertThat(state("acme", "job_1")).isEqualTo("cancelled");
        assertThat(catchThrowableOfType(
                                ProblemException.class,
                                () -> jobs.cancel("acme", "job_1").block())
                        .type()
                        .status())
                .isEqualTo(409);
    }

    @Test
    void saysNothingWhileTheJobsAreLoading() {
        assertThat(catchThrowableOfType(ProblemException.class, () -> jobs.list("acme", "", 10))
                        .type()
                        .status())
                .isEqualTo(503);
    }

    @Test
    void refusesToRememberNoJobs() {
        assertThatThrownBy(() -> new JobProperties(0)).hasMessageContaining("sluice.gateway.jobs.max-per-tenant");
    }

    private void load() {
        jobLog.load();
        progressLog.load();
    }

    private void open(String tenant, String id, JobState state) {
        Job job = Job.newBuilder()
                .setId(id)
                .setTenant(tenant)
                .setKind("test")
                .setParameters(Map.of())
                .setCreatedBy("key-1")
                .setCreatedAt(clock.instant())
                .build();
        JobProgress progress = JobProgress.newBuilder()
                .setJobId(id)
                .setTenant(tenant)
                .setState(state)
                .setDone(0)
                .setFailed(0)
                .setCounts(Map.of())
                .setErrors(List.of())
                .setAt(clock.instant())
                .build();
        jobs.open(new TrackedJob(job, progress)).block();
    }

    private String state(String tenant, String id) {
        return Objects.requireNonNull(jobs.view(jobs.require(tenant, id))).state();
    }

    private static List<String> ids(List<TrackedJob> found) {
        return found.stream().map(job -> job.job().getId()).toList();
    }
}
