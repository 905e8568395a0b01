package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.AlertPublisher.EventLog;
import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.record.DomainEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The events that were told, in memory; fails when told so. */
final class FakeEventLog implements EventLog {
    final List<DomainEvent> events = new ArrayList<>();
    boolean failing;
    boolean tooLong;

    @Override
    public CompletableFuture<?> publish(String key, DomainEvent event) {
        if (failing) {
            return CompletableFuture.failedFuture(new PublishFailedException("not now"));
        }
        events.add(event);
        return CompletableFuture.completedFuture(event);
    }

    @Override
    public Optional<Boolean> has(String key, Instant since, String id) {
        return tooLong
                ? Optional.empty()
                : Optional.of(events.stream().anyMatch(event -> event.getId().equals(id)));
    }
}
