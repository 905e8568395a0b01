package dev.sluice.gateway.stream;

import dev.sluice.record.DomainEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event on its way to clients, written out once for all of them.
 *
 * @param json the event as structured CloudEvents JSON, on one line
 * @param behind where a reader is that has had this event, and of the other partitions all that its reader had before it
 */
record StreamedEvent(int partition, long offset, String type, Payload json, Positions behind) {

    /** Bytes that nobody changes. */
    static final class Payload {

        private final byte[] bytes;

        Payload(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Not a copy; for reading. */
        byte[] bytes() {
            return bytes;
        }

        int size() {
            return bytes.length;
        }
    }

    /** What an event costs beside its JSON: the objects around it and its place in a queue. */
    private static final int OVERHEAD_BYTES = 256;

    static StreamedEvent of(ConsumerRecord<?, ?> record, DomainEvent event, Positions behind) {
        return new StreamedEvent(
                record.partition(), record.offset(), event.getType(), new Payload(CloudEventJson.of(event)), behind);
    }

    int heldBytes() {
        return json.size() + OVERHEAD_BYTES;
    }
}
