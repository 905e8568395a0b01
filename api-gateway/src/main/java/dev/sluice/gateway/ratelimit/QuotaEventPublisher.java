package dev.sluice.gateway.ratelimit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what happened to quotas on the log, as events of their tenant. Thread-safe; never blocks. */
final class QuotaEventPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaEventPublisher.class);

    private final BiFunction<String, DomainEvent, CompletableFuture<?>> log;
    private final StrictJson json;
    private final Map<QuotaNotice.Kind, Counter> published = new EnumMap<>(QuotaNotice.Kind.class);
    private final Counter lost;

    QuotaEventPublisher(RecordPublishers publishers, StrictJson json, MeterRegistry meters) {
        this(publishers.to(Topics.EVENTS)::publish, json, meters);
    }

    /** @param log takes a key and an event */
    QuotaEventPublisher(
            BiFunction<String, DomainEvent, CompletableFuture<?>> log, StrictJson json, MeterRegistry meters) {
        this.log = log;
        this.json = json;
        for (QuotaNotice.Kind kind : QuotaNotice.Kind.values()) {
            published.put(
                    kind,
                    Counter.builder("sluice.limit.quota.events")
                            .description("Events that told a tenant of a quota that is nearly or wholly used")
                            .tag("type", kind.eventType())
                            .register(meters));
        }
        this.lost = Counter.builder("sluice.limit.quota.events.lost")
                .description("Events about quotas that the log did not take")
                .register(meters);
    }

    void publish(Identity owner, QuotaNotice notice, Instant now) {
        DomainEvent event = event(owner, notice, now);
        CompletableFuture<?> _ = log.apply(event.getTenant() + "|" + event.getSubject(), event)
                .whenComplete((stored, failure) -> {
                    if (failure != null) {
                        lost.increment();
                        LOG.warn("the log did not take the event {}: {}", notice.id(), failure.toString());
                        return;
                    }
                    Counter counter = published.get(notice.kind());
                    if (counter != null) {
                        counter.increment();
                    }
                });
    }

    private DomainEvent event(Identity owner, QuotaNotice notice, Instant now) {
        Limit limit = notice.limit();
        DomainEvent event = new DomainEvent();
        event.setId(notice.id());
        event.setSource("/api/v1/tenants/" + owner.tenant() + "/limits");
        event.setType(notice.kind().eventType());
        event.setSubject("limits/" + limit.name());
        event.setTime(now);
        event.setTenant(owner.tenant());
        event.setDataContentType("application/json");
        event.setData(ByteBuffer.wrap(json.write(new Data(
                limit.name(),
                limit.group(),
                limit.key().orElse(null),
                limit.window().toLowerCase(Locale.ROOT),
                limit.mode().name().toLowerCase(Locale.ROOT),
                owner.tier(),
                limit.quota(),
                notice.used(),
                notice.windowStart(),
                notice.windowEnd()))));
        event.setExtensions(Map.of());
        event.setReceivedAt(now);
        return event;
    }

    /** @param key id of the key that the quota is for alone */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Data(
            String limit,
            String group,
            @Nullable String key,
            String window,
            String mode,
            String tier,
            long quota,
            long used,
            Instant windowStart,
            Instant windowEnd) {}
}
