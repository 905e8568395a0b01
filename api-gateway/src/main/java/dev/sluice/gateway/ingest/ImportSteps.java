package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.Jobs;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What every upload goes through.
 *
 * @param claimLease how long an event that was being written by somebody who was killed is left alone
 */
record ImportSteps(
        EventReader reader,
        EventChecks checks,
        BatchIntake batches,
        Duration claimLease,
        Jobs jobs,
        InstantSource clock) {}
