package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the attempts of deliveries: the first ones and, once they are due and on this log again, the later ones. */
final class DeliveryListener implements RecordHandler<WebhookDelivery> {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryListener.class);

    static final String TOPIC = Topics.WEBHOOK_DELIVERIES.name();
    /** How long the log keeps them. */
    static final Duration KEPT = Topics.WEBHOOK_DELIVERIES.retention();

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-delivery", "sluice-webhook-delivery", List.of(TOPIC));

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Requests may take longer; then they are made again. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(8);

    private final Cursors cursors;
    private final CursorTable table;
    private final EndpointGates gates;

    DeliveryListener(Cursors cursors, CursorTable table, EndpointGates gates) {
        this.cursors = cursors;
        this.table = table;
        this.gates = gates;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> positions) {
        gates.takenOver();
        table.awaitCurrent(PATIENCE);
        partitions.forEach(partition -> cursors.assigned(partition.partition(), positions.applyAsLong(partition)));
    }

    @Override
    public void passed(TopicPartition partition, long offset) {
        cursors.scans().passed(partition.partition(), offset);
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        CompletableFuture<?>[] leaving = partitions.stream()
                .map(partition -> cursors.leave(partition.partition()))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(leaving).get(PATIENCE_AT_THE_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("left {} with requests under way; they will be made again", partitions, e);
        }
        lost(partitions);
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> cursors.gone(partition.partition()));
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<WebhookDelivery> record) {
        return cursors.read(Job.read(record.value(), record.partition().partition(), record.offset()));
    }
}
