package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.ForwardingAdmin;

/**
 * An admin client whose closing ends what it has under way. Kafka's own waits for that without a limit, and when the last
 * call runs out of time meanwhile, its thread goes to sleep until the metadata are due, five minutes later (kafka-clients 4.2).
 */
final class PromptAdmin extends ForwardingAdmin {

    PromptAdmin(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
