package dev.sluice.cache.http;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Puts jobs on the log that were over when a node began. */
record JobsOver(FakeLogTable<Job> jobs, FakeLogTable<JobProgress> progress, String tenant) {

    /** Answers its id. */
    String lay(Map<String, String> parameters, Instant then) {
        String id = UUID.randomUUID().toString();
        lay(id, parameters, then);
        return id;
    }

    void lay(String id, Map<String, String> parameters, Instant then) {
        progress.put(id, progress(id, JobState.SUCCEEDED, then)).join();
        jobs.put(
                        id,
                        Job.newBuilder()
                                .setId(id)
                                .setTenant(tenant)
                                .setKind("cache.warm")
                                .setParameters(parameters)
                                .setCreatedBy("key-1")
                                .setCreatedAt(then)
                                .build())
                .join();
    }

    /** Of seven keys. */
    JobProgress progress(String id, JobState state, Instant at) {
        return JobProgress.newBuilder()
                .setJobId(id)
                .setTenant(tenant)
                .setState(state)
                .setDone(7)
                .setTotal(7L)
                .setFailed(0)
                .setAt(at)
                .build();
    }
}
