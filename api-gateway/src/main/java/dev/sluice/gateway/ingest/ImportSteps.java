package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.Jobs;
import java.time.InstantSource;

/** What every upload goes through. */
record ImportSteps(EventReader reader, EventChecks checks, BatchIntake batches, Jobs jobs, InstantSource clock) {}
