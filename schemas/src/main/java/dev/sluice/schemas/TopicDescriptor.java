package dev.sluice.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a topic is: its name, what its key and value are, how it is kept, and who writes and reads it. Keys are UTF-8
 * strings on every topic, so that every language partitions alike.
 *
 * @param key what the record key is, in words
 * @param partitions partitions at creation; a deployment may ask for fewer
 * @param retention how long records are kept; {@link Duration#ZERO} means for ever
 * @param producers the services that write it
 * @param consumers the services that read it
 */
public record TopicDescriptor<V extends SpecificRecord>(
        String name,
        Class<V> valueType,
        String key,
        int partitions,
        Cleanup cleanup,
        Duration retention,
        List<String> producers,
        List<String> consumers,
        String purpose) {

    /** How the broker forgets. */
    public enum Cleanup {
        DELETE,
        COMPACT,
        COMPACT_DELETE
    }

    public TopicDescriptor {
        Objects.requireNonNull(valueType, "valueType");
        if (!name.startsWith(Topics.PREFIX)) {
            throw new IllegalArgumentException("name must start with " + Topics.PREFIX + ": " + name);
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1: " + partitions);
        }
        if (cleanup == Cleanup.COMPACT ? !retention.isZero() : !retention.isPositive()) {
            throw new IllegalArgumentException("retention does not fit " + cleanup + ": " + retention);
        }
        producers = List.copyOf(producers);
        consumers = List.copyOf(consumers);
    }

    /** Where records of this topic go that cannot be read: byte for byte, with the reason in headers. */
    public String poisonName() {
        return name + ".poison";
    }

    /** The registry's subject of the value schema (TopicNameStrategy). */
    public String subject() {
        return name + "-value";
    }
}
