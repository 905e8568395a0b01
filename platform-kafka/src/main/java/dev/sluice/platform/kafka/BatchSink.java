package dev.sluice.platform.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes one record of a batch and publishes it; usually one line that calls {@link RecordPublisher#publish}. */
@FunctionalInterface
public interface BatchSink<K, E> {
    /**
     * Called on one thread, must not block. A failed future makes the batch wait for another try. When no record can be
     * made of it (an exception, or a future that fails with {@link dev.sluice.schemas.UnencodableRecordException}), it is
     * halved until the entry to blame is found and dropped.
     */
    CompletableFuture<?> publish(K key, List<E> entries);
}
