package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.origin.FakeOrigin;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

/** Two nodes that start at once find the same jobs on the log. */
class WarmRaceTest extends CacheHttpScenario {

    private final FakeOrigin origin = new FakeOrigin();

    @Autowired
    FakeLogTable<Job> jobLog;

    @Autowired
    FakeLogTable<JobProgress> progressLog;

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    @Test
    void aJobThatBothWouldBeginIsDoneByTheOneThatSaysSoFirst() {
        put(
                "feed",
                "{\"origin\":{\"url\":\"" + origin.url("/v/{key}") + "\"}}",
                headers -> headers.setContentType(MediaType.APPLICATION_JSON));
        JobsOver jobs = new JobsOver(jobLog, progressLog, tenant);
        String contested = "contested-" + tenant;
        AtomicBoolean lost = new AtomicBoolean();
        progressLog.beforeTheWrite(contested, () -> {
            progressLog
                    .put(contested, jobs.progress(contested, JobState.RUNNING, clock.instant()))
                    .join();
            lost.set(true);
        });
        lay(jobs, contested, "/contested");
        await().atMost(PATIENCE).untilTrue(lost);

        // By then what was begun at that look has asked.
        lay(jobs, "later-" + tenant, "/later");
        await().atMost(PATIENCE).until(() -> origin.asked("/later") == 1);

        assertThat(origin.asked("/contested")).isZero();
        assertThat(progressLog.find(contested)).hasValueSatisfying(other -> {
            assertThat(other.getState()).isEqualTo(JobState.RUNNING);
            assertThat(other.getDone()).isEqualTo(7);
        });
        progressLog
                .put(contested, jobs.progress(contested, JobState.SUCCEEDED, clock.instant()))
                .join();
    }

    private void lay(JobsOver jobs, String id, String place) {
        origin.answers(place, 200, "[]", Map.of("Content-Type", "application/json"));
        Map<String, String> parameters = Map.of(
                "namespace", "feed",
                "strategy", "origin",
                "url", origin.url(place),
                "limit", "9",
                "concurrency", "1",
                "perSecond", "9",
                "atStart", "true");
        jobs.lay(id, parameters, clock.instant().minus(Duration.ofDays(1_000)));
    }
}
