package dev.sluice.metrics.usage;

import dev.sluice.record.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What other services read about a day. */
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

    /** {@code tenant|key id|group|day|part}. */
    static String keyOf(Usage usage) {
        return String.join(
                "|",
                usage.getTenant(),
                usage.getKeyId(),
                usage.getGroup(),
                usage.getDay().toString(),
                Integer.toString(usage.getPart()));
    }
}
