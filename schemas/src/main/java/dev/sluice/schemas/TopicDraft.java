package dev.sluice.schemas;

import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** A topic on its way into {@link Topics}: what the broker keeps is fixed, the words are still to come. */
final class TopicDraft<V extends SpecificRecord> {
    private final String name;
    private final Class<V> valueType;
    private final int partitions;
    private final Cleanup cleanup;
    private final Duration retention;
    private String key = "";
    private List<String> producers = List.of();
    private List<String> consumers = List.of();

    TopicDraft(String name, Class<V> valueType, int partitions, Cleanup cleanup, Duration retention) {
        this.name = name;
        this.valueType = valueType;
        this.partitions = partitions;
        this.cleanup = cleanup;
        this.retention = retention;
    }

    TopicDraft<V> key(String inWords) {
        key = inWords;
        return this;
    }

    TopicDraft<V> producers(String... services) {
        producers = List.of(services);
        return this;
    }

    TopicDraft<V> consumers(String... services) {
        consumers = List.of(services);
        return this;
    }

    /** The last word: makes the descriptor. */
    TopicDescriptor<V> purpose(String sentence) {
        return new TopicDescriptor<>(
                name, valueType, key, partitions, cleanup, retention, producers, consumers, sentence);
    }
}
