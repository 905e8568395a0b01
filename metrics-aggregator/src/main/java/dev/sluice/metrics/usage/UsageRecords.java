package dev.sluice.metrics.usage;

import dev.sluice.record.LimitWindow;
import dev.sluice.record.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What other services read about a day, or about a window of a limit. */
final class UsageRecords {
    private UsageRecords() {}

    /** @param part the partition that was counted */
    static Usage of(UsageKey key, int slot, UsageTally tally, int part, Instant now) {
        return Usage.newBuilder()
                .setTenant(key.tenant())
                .setKeyId(key.keyId())
                .setGroup(key.group())
                .setDay(LocalDate.ofInstant(key.scale().startOf(key.page(), slot), ZoneOffset.UTC))
                .setRequests(tally.requests())
                .setLimited(tally.limited())
                .setCost(tally.cost())
                .setUpdatedAt(now)
                .setPart(part)
                .setClientErrors(tally.clientErrors())
                .setServerErrors(tally.serverErrors())
                .setRequestBytes(tally.requestBytes())
                .setResponseBytes(tally.responseBytes())
                .build();
    }

    /** The same of a window of a limit. */
    static Usage ofLimit(UsageKey key, LimitWindow window, UsageTally tally, int part, Instant now) {
        Instant since = key.scale().startOf(key.page(), 0);
        return Usage.newBuilder()
                .setTenant(key.tenant())
                .setKeyId("")
                .setGroup("")
                .setDay(LocalDate.ofInstant(since, ZoneOffset.UTC))
                .setRequests(0)
                .setLimited(0)
                .setCost(0)
                .setUpdatedAt(now)
                .setPart(part)
                .setLimit(key.group())
                .setWindow(window)
                .setSince(since)
                .setCharged(tally.cost())
                .build();
    }

    /** {@code tenant|key id|group|day|part}, or {@code tenant|limit|window|since|part}. */
    static String keyOf(Usage usage) {
        if (!usage.getLimit().isEmpty()) {
            return String.join(
                    "|",
                    usage.getTenant(),
                    usage.getLimit(),
                    usage.getWindow().name(),
                    usage.getSince().toString(),
                    Integer.toString(usage.getPart()));
        }
        return String.join(
                "|",
                usage.getTenant(),
                usage.getKeyId(),
                usage.getGroup(),
                usage.getDay().toString(),
                Integer.toString(usage.getPart()));
    }
}
