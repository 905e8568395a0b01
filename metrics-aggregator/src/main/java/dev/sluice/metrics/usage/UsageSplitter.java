package dev.sluice.metrics.usage;

import dev.sluice.metrics.topology.EventTime;
import dev.sluice.record.ChargedLimit;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays one batch onto pages: each request by the time at which it ended, each charge of a limit by its window. */
final class UsageSplitter {
    /** Of entries that do not tell theirs, written before they could. */
    static final String NO_GROUP = "other";

    /** Requests wait for Kafka at a gateway, in batches as long as the outage; a larger offset counts as this. */
    private static final long MAX_OFFSET_MICROS = Duration.ofHours(24).toMillis() * 1000;

    private final EventTime eventTime;

    UsageSplitter(EventTime eventTime) {
        this.eventTime = eventTime;
    }

    /**
     * What the batch adds to each page.
     *
     * @param batchMillis accepted time of the batch's first request
     * @param nowMillis what no time may lie far ahead of
     * @throws IllegalArgumentException when the batch says something impossible
     */
    Map<UsageKey, UsagePage> split(RequestBatch batch, long batchMillis, long nowMillis) {
        Map<UsageKey, UsagePage> pages = new HashMap<>();
        for (RequestEntry entry : batch.getEntries()) {
            long micros = Math.clamp(entry.getOffsetMicros(), 0, MAX_OFFSET_MICROS);
            Instant at =
                    Instant.ofEpochMilli(eventTime.clampMillis(batchMillis + micros / 1000, nowMillis, batchMillis));
            UsageTally used = UsageTally.of(entry);
            for (UsageScale scale : UsageScale.OF_REQUESTS) {
                UsageKey key = UsageKey.of(batch.getTenant(), scale, orEmpty(entry.getKeyId()), groupOf(entry), at);
                pages.computeIfAbsent(key, absent -> new UsagePage()).add(scale.slotOf(at), used);
            }
        }
        for (ChargedLimit charge : batch.getCharges()) {
            UsageScale.of(charge.getWindow())
                    .ifPresent(scale -> add(batch.getTenant(), scale, charge, batchMillis, nowMillis, pages));
        }
        return pages;
    }

    /** By the window that the gateway charged, which may be over by now. */
    private void add(
            String tenant,
            UsageScale scale,
            ChargedLimit charge,
            long batchMillis,
            long nowMillis,
            Map<UsageKey, UsagePage> pages) {
        long since = charge.getSince().toEpochMilli();
        Instant at = Instant.ofEpochMilli(eventTime.clampMillis(since, nowMillis, batchMillis));
        pages.computeIfAbsent(UsageKey.ofLimit(tenant, scale, charge.getLimit(), at), absent -> new UsagePage())
                .add(scale.slotOf(at), UsageTally.ofCost(charge.getCost()));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String groupOf(RequestEntry entry) {
        String group = entry.getGroup();
        return group == null || group.isEmpty() ? NO_GROUP : group;
    }
}
