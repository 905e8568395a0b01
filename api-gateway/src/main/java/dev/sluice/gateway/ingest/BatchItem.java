package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;

/** What stands at one place of a batch. */
sealed interface BatchItem {

    record Read(Arrival arrival) implements BatchItem {}

    record Broken(ProblemException problem) implements BatchItem {}
}
