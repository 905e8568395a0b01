package dev.sluice.gateway.ingest;

import dev.sluice.gateway.eventtype.EventDataChecks;
import dev.sluice.gateway.eventtype.EventSchema;
import dev.sluice.platform.web.ProblemException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Holds events against the catalogue of their tenant. Those whose type has no schema pass at once; the others are checked
 * on threads of their own, of which there are few, so that no event loop waits for a schema. Thread-safe.
 */
final class EventChecks {

    private final EventDataChecks checks;
    private final Scheduler scheduler;

    EventChecks(EventDataChecks checks, Scheduler scheduler) {
        this.checks = checks;
        this.scheduler = scheduler;
    }

    /** The event; fails with a problem when it does not fit its type. */
    Mono<Arrival> check(Arrival arrival, Caller caller) {
        return Mono.defer(() -> {
            Optional<EventSchema> schema = schemaFor(arrival, caller);
            return schema.isEmpty()
                    ? Mono.just(arrival)
                    : away(Mono.fromCallable(() -> {
                        schema.get().check(jsonOf(arrival));
                        return arrival;
                    }));
        });
    }

    /** The items of a batch, those that do not fit their types broken. */
    Mono<List<BatchItem>> checkAll(List<BatchItem> items, Caller caller) {
        return Mono.defer(() -> {
            List<Pending> all = items.stream().map(item -> look(item, caller)).toList();
            return all.stream().allMatch(pending -> pending.schema() == null)
                    ? Mono.just(all.stream().map(Pending::item).toList())
                    : away(Mono.fromCallable(
                            () -> all.stream().map(EventChecks::finish).toList()));
        });
    }

    /** An item, and by which schema it is still to be checked. */
    private record Pending(BatchItem item, @Nullable EventSchema schema) {}

    private Pending look(BatchItem item, Caller caller) {
        if (!(item instanceof BatchItem.Read(Arrival arrival))) {
            return new Pending(item, null);
        }
        try {
            return new Pending(item, schemaFor(arrival, caller).orElse(null));
        } catch (ProblemException e) {
            return new Pending(new BatchItem.Broken(e), null);
        }
    }

    private static BatchItem finish(Pending pending) {
        if (pending.schema() == null || !(pending.item() instanceof BatchItem.Read(Arrival arrival))) {
            return pending.item();
        }
        try {
            pending.schema().check(jsonOf(arrival));
            return pending.item();
        } catch (ProblemException e) {
            return new BatchItem.Broken(e);
        }
    }

    private Optional<EventSchema> schemaFor(Arrival arrival, Caller caller) {
        CloudEvent event = arrival.event();
        return checks.schemaFor(caller.tenant(), event.type(), event.dataSchema());
    }

    private <T> Mono<T> away(Mono<T> work) {
        return work.subscribeOn(scheduler)
                .onErrorMap(RejectedExecutionException.class, full -> IngestFailures.overloaded());
    }

    private static @Nullable ByteBuffer jsonOf(Arrival arrival) {
        String type = arrival.event().dataContentType();
        return type != null && MediaTypes.isJson(type) ? arrival.event().data() : null;
    }
}
