package dev.sluice.webhook.history;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The latest of what became of deliveries, by endpoint. Bounded three ways: by age, by so many for each endpoint, and by so many in all.
 * When there are too many in all, those tenants that have most give up their oldest until they have no more than others (a water level), and
 * within a tenant those endpoints: so a busy endpoint costs quiet ones nothing, and many endpoints of one tenant cost others nothing.
 * Where there is not even room for one of each endpoint, those that were heard of last have it. What is told twice is kept once. Thread-safe.
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

        private final String tenant;
        private final NavigableMap<Position, Entry> entries = new TreeMap<>();
        private Instant cutAt = Instant.EPOCH;

        Kept(String tenant) {
            this.tenant = tenant;
        }

        Position last() {
            return entries.lastKey();
        }

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
        Kept kept = byEndpoint.computeIfAbsent(entry.endpointId(), unseen -> new Kept(entry.tenant()));
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
        // As exact as the times on the log are.
        Instant oldest = now.minus(retention).truncatedTo(ChronoUnit.MICROS);
        Kept kept = byEndpoint.getOrDefault(endpointId, new Kept(tenant));
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
        Kept kept = byEndpoint.getOrDefault(endpointId, new Kept(tenant));
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
        int room = (int) (max * LEVELLED);
        Collection<List<Kept>> tenants = byEndpoint.values().stream()
                .filter(kept -> kept.size() > 0)
                .collect(Collectors.groupingBy(kept -> kept.tenant))
                .values();
        int level = Math.max(1, waterLevel(tenants.stream().mapToInt(History::sum), room));
        tenants.forEach(endpoints -> level(endpoints, level));
        cutOldest(tenants.stream().flatMap(List::stream), size - room);
        byEndpoint.values().removeIf(kept -> kept.size() == 0 && kept.cutAt.isBefore(oldest));
    }

    /** Within a tenant. */
    private void level(List<Kept> endpoints, int room) {
        int level = Math.max(1, waterLevel(endpoints.stream().mapToInt(Kept::size), room));
        endpoints.forEach(kept -> cut(kept, level));
        cutOldest(endpoints.stream(), sum(endpoints) - room);
    }

    /** Takes so many from those that have one at most, the ones first that were heard of longest ago. */
    private void cutOldest(Stream<Kept> endpoints, int excess) {
        if (excess > 0) {
            endpoints
                    .filter(kept -> kept.size() > 0)
                    .sorted(Comparator.comparing(Kept::last))
                    .limit(excess)
                    .forEach(kept -> cut(kept, 0));
        }
    }

    private static int sum(List<Kept> endpoints) {
        return endpoints.stream().mapToInt(Kept::size).sum();
    }

    /** The most that each may have for all of them to have no more than so many. */
    private static int waterLevel(IntStream unsorted, int room) {
        int[] sizes = unsorted.sorted().toArray();
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
