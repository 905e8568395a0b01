package dev.sluice.webhook.reading;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What is to be done about one record.
 *
 * @param bytes size of the record's value
 * @param releaseAt not to be started before this
 * @param work starts it; the record is done with when the stage completes
 */
record Task(long offset, int bytes, Instant releaseAt, Supplier<CompletionStage<?>> work) {

    Task releasedAt(Instant later) {
        return new Task(offset, bytes, later, work);
    }
}
