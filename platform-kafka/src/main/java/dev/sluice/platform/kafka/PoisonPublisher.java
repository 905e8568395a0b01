package dev.sluice.platform.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies records that cannot be handled to the poison topic, byte for byte, and counts them. A record larger than any
 * request leaves its head only, so that it does not hold up its partition for good.
 */
public final class PoisonPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(PoisonPublisher.class);

    private static final String COPIED = "copied";
    private static final String FAILED = "failed";

    private final RecordSender sender;
    private final int maxCopyBytes;
    private final MeterRegistry meters;

    PoisonPublisher(RecordSender sender, PlatformKafkaProperties properties, MeterRegistry meters) {
        this.sender = sender;
        this.maxCopyBytes = properties.maxRequestBytes();
        this.meters = meters;
    }

    /** Registers the counters of a topic at zero: of one that begins with its first poison, that is no increase. */
    public void expect(String topic) {
        counter(topic, COPIED);
        counter(topic, FAILED);
    }

    /** Records of raw bytes only. Does not block; completes when the copy is in the log. */
    public CompletableFuture<RecordMetadata> copy(ConsumerRecord<?, ?> record, String reader, Throwable error) {
        String reason = PoisonHeaders.classify(error);
        LOG.warn(
                "{} cannot handle {}-{}@{} ({}); it goes to the poison topic",
                reader,
                record.topic(),
                record.partition(),
                record.offset(),
                reason);
        return sender.send(PoisonHeaders.copyOf(record, reader, error, maxCopyBytes))
                .whenComplete((metadata, failure) -> count(record.topic(), failure == null ? COPIED : FAILED));
    }

    /**
     * Waits for the copy, so that no record is skipped that was not kept.
     *
     * @throws PublishFailedException when Kafka did not confirm it
     */
    void copyAndWait(ConsumerRecord<?, ?> record, String reader, Throwable error) {
        long limit = KafkaClients.DELIVERY_TIMEOUT.plusSeconds(10).toMillis();
        try {
            copy(record, reader, error).get(limit, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailedException("interrupted while poison was copied", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new PublishFailedException("poison was not copied", e);
        }
    }

    private void count(String topic, String result) {
        counter(topic, result).increment();
    }

    private Counter counter(String topic, String result) {
        return meters.counter("sluice.kafka.poison", "topic", topic, "result", result);
    }
}
