package dev.sluice.webhook.history;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The latest of what became of deliveries, by endpoint. Bounded three ways: by age, by so many for each endpoint, and by so many in all.
 * When there are too many in all, those that have most give up their oldest until they have no more than others (a water level), so
 * that a busy endpoint costs quiet ones nothing. What is told twice is kept once. Thread-safe.
 */
final class History {

    /** When it is full, so much is made free at once; every endpoint is looked at for it. */
    private static final double LEVELLED = 0.9;

    private final int maxPerEndpoint;
    private final int max;
    private final Duration retention;
    private final Map<String, Kept> byEndpoint = new HashMap<>();
    private int size;

    History(int maxPerEndpoint, int max, Duration retention) {
        this.maxPerEndpoint = maxPerEndpoint;
        this.max = max;
        this.retention = retention;
    }

    /** What is kept of one endpoint, and the last that had to go for others of it to have room. */
    private static final class Kept {

        private final NavigableMap<Position, Entry> entries = new TreeMap<>();
        private Instant cutAt = Instant.EPOCH;

        int size() {
            return entries.size();
        }
    }

    /**
     * What is remembered of an endpoint.
     *
     * @param entries the newest first
     * @param completeFrom nothing that became of its deliveries from then on is missing
     */
    record Remembered(List<Entry> entries, Instant completeFrom) {}

    synchronized void add(Entry entry, Instant now) {
        Instant oldest = now.minus(retention);
        if (entry.position().at().isBefore(oldest)) {
            return;
        }
        Kept kept = byEndpoint.computeIfAbsent(entry.endpointId(), unseen -> new Kept());
        if (kept.entries.put(entry.position(), entry) == null) {
            size++;
        }
        forget(kept, oldest);
        cut(kept, maxPerEndpoint);
        if (size > max) {
            level(oldest);
        }
    }

    /** What is remembered of an endpoint of that tenant. */
    synchronized Remembered of(String tenant, String endpointId, Instant now) {
        Instant oldest = now.minus(retention);
        Kept kept = byEndpoint.getOrDefault(endpointId, new Kept());
        List<Entry> found = new ArrayList<>();
        kept.entries.descendingMap().forEach((position, entry) -> {
            if (entry.tenant().equals(tenant) && !position.at().isBefore(oldest)) {
                found.add(entry);
            }
        });
        Instant behindCut = kept.cutAt.plus(1, ChronoUnit.MICROS);
        return new Remembered(found, behindCut.isAfter(oldest) ? behindCut : oldest);
    }

    /** The last that is remembered of a delivery. */
    synchronized Optional<Entry> last(String tenant, String endpointId, String deliveryId, Instant now) {
        Instant oldest = now.minus(retention);
        Kept kept = byEndpoint.getOrDefault(endpointId, new Kept());
        return kept.entries.descendingMap().values().stream()
                .takeWhile(entry -> !entry.position().at().isBefore(oldest))
                .filter(entry -> entry.position().deliveryId().equals(deliveryId))
                .filter(entry -> entry.tenant().equals(tenant))
                .findFirst();
    }

    synchronized int size() {
        return size;
    }

    private void forget(Kept kept, Instant oldest) {
        while (kept.size() > 0 && kept.entries.firstKey().at().isBefore(oldest)) {
            kept.entries.pollFirstEntry();
            size--;
        }
    }

    private void cut(Kept kept, int most) {
        while (kept.size() > most) {
            Instant at = kept.entries.pollFirstEntry().getKey().at();
            kept.cutAt = at.isAfter(kept.cutAt) ? at : kept.cutAt;
            size--;
        }
    }

    private void level(Instant oldest) {
        byEndpoint.values().forEach(kept -> forget(kept, oldest));
        int level = waterLevel((int) (max * LEVELLED));
        byEndpoint.values().forEach(kept -> cut(kept, level));
        byEndpoint.values().removeIf(kept -> kept.size() == 0 && kept.cutAt.isBefore(oldest));
    }

    /** The most that each may have for all of them to have no more than so many. */
    private int waterLevel(int room) {
        int[] sizes = byEndpoint.values().stream().mapToInt(Kept::size).sorted().toArray();
        int left = room;
        for (int i = 0; i < sizes.length; i++) {
            int share = left / (sizes.length - i);
            if (sizes[i] > share) {
                return share;
            }
            left -= sizes[i];
        }
        return Integer.MAX_VALUE;
    }
}
