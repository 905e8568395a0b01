package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** Makes the attempts of deliveries: the first ones and, once they are due and on this log again, the later ones. */
final class DeliveryListener implements RecordHandler<WebhookDelivery> {

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-delivery", "sluice-webhook-delivery", List.of(Topics.WEBHOOK_DELIVERIES.name()));

    private final Lanes first;
    private final Lanes later;
    private final EndpointGates gates;

    DeliveryListener(Lanes first, Lanes later, EndpointGates gates) {
        this.first = first;
        this.later = later;
        this.gates = gates;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        gates.takenOver();
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<WebhookDelivery> record) {
        WebhookDelivery delivery = record.value();
        return (delivery.getAttempt() == 0 ? first : later).run(delivery);
    }
}
