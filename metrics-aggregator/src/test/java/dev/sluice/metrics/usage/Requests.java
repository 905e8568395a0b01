package dev.sluice.metrics.usage;

import dev.sluice.record.ChargedLimit;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Batches of requests for tests. */
public final class Requests {
    private static final List<LimitVerdict> VERDICTS = List.of(LimitVerdict.values());
    private static final List<Integer> STATUSES = List.of(101, 200, 202, 304, 400, 404, 429, 499, 500, 503);
    private static final List<LimitWindow> WINDOWS = List.of(LimitWindow.HOUR, LimitWindow.DAY, LimitWindow.MONTH);
    private static final List<String> GROUPS = List.of("events", "charts", "other");

    private Requests() {}

    public static RequestBatch batch(String tenant, String route, Instant at, RequestEntry... entries) {
        return batch(tenant, route, at, List.of(entries));
    }

    public static RequestBatch batch(String tenant, String route, Instant at, List<RequestEntry> entries) {
        return RequestBatch.newBuilder()
                .setTenant(tenant)
                .setRoute(route)
                .setGateway("gateway-1")
                .setFirstAt(at)
                .setEntries(entries)
                .build();
    }

    /** A request of 10 bytes that is answered with 100 and costs 1 when it is admitted. */
    public static RequestEntry entry(@Nullable String keyId, @Nullable String group, int status, LimitVerdict verdict) {
        long cost = verdict == LimitVerdict.LIMITED || verdict == LimitVerdict.REFUSED ? 0 : 1;
        return entry(Duration.ZERO, keyId, group, status, verdict, cost, 10, 100);
    }

    static RequestEntry entry(
            Duration offset,
            @Nullable String keyId,
            @Nullable String group,
            int status,
            LimitVerdict verdict,
            long cost,
            long requestBytes,
            long responseBytes) {
        return RequestEntry.newBuilder()
                .setOffsetMicros(offset.toNanos() / 1000)
                .setMethod("GET")
                .setStatus(status)
                .setLatencyNanos(1)
                .setRequestBytes(requestBytes)
                .setResponseBytes(responseBytes)
                .setKeyId(keyId)
                .setTier("free")
                .setVerdict(verdict)
                .setGroup(group)
                .setCost(cost)
                .build();
    }

    /** One to thirty requests of several keys over up to two minutes. */
    public static RequestBatch random(String tenant, String route, Instant at, Random random) {
        List<RequestEntry> entries = new ArrayList<>();
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            entries.add(entry(
                    Duration.ofMillis(random.nextInt(120_000)),
                    random.nextInt(8) == 0 ? null : "key-" + random.nextInt(3),
                    random.nextInt(8) == 0 ? null : GROUPS.get(random.nextInt(GROUPS.size())),
                    STATUSES.get(random.nextInt(STATUSES.size())),
                    VERDICTS.get(random.nextInt(VERDICTS.size())),
                    random.nextInt(4),
                    random.nextInt(1000),
                    random.nextInt(100_000)));
        }
        entries.forEach(entry -> {
            entry.setLooked(random.nextBoolean());
            entry.setCached(entry.getLooked() && random.nextInt(2) == 0);
        });
        RequestBatch batch = batch(tenant, route, at, entries);
        batch.setCharges(randomCharges(at, random));
        return batch;
    }

    /** None to four, of windows around that time. */
    private static List<ChargedLimit> randomCharges(Instant at, Random random) {
        List<ChargedLimit> charges = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            LimitWindow window = WINDOWS.get(random.nextInt(WINDOWS.size()));
            charges.add(charge("limit-" + random.nextInt(2), window, at, random.nextInt(1, 9)));
        }
        return charges;
    }

    /** To the window around a time. */
    static ChargedLimit charge(String limit, LimitWindow window, Instant at, long cost) {
        ZonedDateTime time = at.atZone(ZoneOffset.UTC);
        ZonedDateTime since = switch (window) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
            case DAY -> time.truncatedTo(ChronoUnit.DAYS);
            case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
            default -> time;
        };
        return new ChargedLimit(limit, window, since.toInstant(), cost);
    }
}
