package dev.sluice.webhook.reading;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.UndecodableRecordException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Makes a task of each raw record: hand it to the handler, or keep it as poison. */
final class Decoding<V extends SpecificRecord> {

    private final RecordDecoder<V> decoder;
    private final RecordHandler<V> handler;
    private final PoisonSink poison;
    private final InstantSource clock;

    Decoding(RecordDecoder<V> decoder, RecordHandler<V> handler, PoisonSink poison, InstantSource clock) {
        this.decoder = decoder;
        this.handler = handler;
        this.poison = poison;
        this.clock = clock;
    }

    Task taskFor(ConsumerRecord<byte[], byte[]> raw) {
        try {
            ReceivedRecord<V> record = decode(raw);
            return new Task(raw.offset(), record.bytes(), handler.releaseAt(record), () -> handleOrKeep(record, raw));
        } catch (RuntimeException e) {
            int bytes = raw.value() == null ? 0 : raw.value().length;
            return new Task(raw.offset(), bytes, Instant.MIN, () -> poison.keep(raw, e));
        }
    }

    /** When Kafka is the trouble the record must wait; whatever else the handler fails of, it always will. */
    private CompletionStage<?> handleOrKeep(ReceivedRecord<V> record, ConsumerRecord<byte[], byte[]> raw) {
        CompletionStage<?> stage = start(record);
        if (stage.toCompletableFuture().state() == Future.State.SUCCESS) {
            return stage;
        }
        return stage.<Object>thenApply(done -> raw)
                .exceptionallyCompose(e -> isTransient(e)
                        ? CompletableFuture.failedStage(e)
                        : poison.keep(raw, e).thenApply(kept -> raw));
    }

    private CompletionStage<?> start(ReceivedRecord<V> record) {
        try {
            return handler.handle(record);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static boolean isTransient(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof PublishFailedException || cause instanceof PublisherOverloadedException;
    }

    private ReceivedRecord<V> decode(ConsumerRecord<byte[], byte[]> raw) {
        if (raw.value() == null) {
            throw new UndecodableRecordException(UndecodableRecordException.Reason.EMPTY, "the record has no value");
        }
        TopicPartition partition = new TopicPartition(raw.topic(), raw.partition());
        V value = decoder.decode(raw.value());
        return new ReceivedRecord<>(partition, raw.offset(), writtenAt(raw), raw.value().length, value);
    }

    /** A timestamp from the future would hold a record back for good; one is not believed. */
    private Instant writtenAt(ConsumerRecord<byte[], byte[]> raw) {
        Instant now = clock.instant();
        Instant claimed = Instant.ofEpochMilli(raw.timestamp());
        return claimed.isAfter(now) ? now : claimed;
    }
}
