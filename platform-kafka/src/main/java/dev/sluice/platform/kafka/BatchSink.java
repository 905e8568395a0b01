package dev.sluice.platform.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes one record of a batch and publishes it; usually one line that calls {@link RecordPublisher#publish}. */
@FunctionalInterface
public interface BatchSink<K, E> {
    /** Called on one thread; must not block. A failed future makes the batch wait for another try. */
    CompletableFuture<?> publish(K key, List<E> entries);
}
