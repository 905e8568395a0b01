package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Makes the first attempt of every delivery. */
final class DeliveryListener implements RecordHandler<WebhookDelivery> {

    static final ReaderSettings SETTINGS =
            ReaderSettings.of("webhook-delivery", "sluice-webhook-delivery", List.of(Topics.WEBHOOK_DELIVERIES.name()));

    private final Lanes lanes;

    DeliveryListener(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<WebhookDelivery> record) {
        return lanes.run(record.value());
    }
}
