package dev.sluice.webhook.replay;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.job.JobLog;
import dev.sluice.schemas.Topics;

/** Opens the jobs of this service. */
final class ReplayTable {

    private ReplayTable() {}

    static JobLog over(LogTables tables) {
        return new JobLog(tables.of(Topics.JOBS), tables.of(Topics.JOB_PROGRESS), ReplayKind.names());
    }
}
