package dev.sluice.webhook.reading;

import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Out of service until every reader reads, with what each of them waits for. */
final class ReadersHealthIndicator extends AbstractHealthIndicator {

    private final List<TopicReader> readers;

    ReadersHealthIndicator(List<TopicReader> readers) {
        this.readers = List.copyOf(readers);
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (TopicReader reader : readers) {
            String waitingFor = reader.waitingFor();
            if (!waitingFor.isEmpty()) {
                health.outOfService();
            }
            health.withDetail(reader.name(), waitingFor.isEmpty() ? "reading" : "waiting for " + waitingFor);
        }
    }
}
