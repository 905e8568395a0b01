package dev.sluice.metrics.trace;

import dev.sluice.record.ErrorReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The latest errors, by tenant and kind; when there are too many kinds, the one that was heard of first goes. Thread-safe. */
final class Errors {

    private final int maxKinds;
    private final Map<Key, Kind> kinds = new HashMap<>();
    private final Deque<Key> order = new ArrayDeque<>();

    private record Key(String tenant, String fingerprint) {}

    /**
     * Errors of one kind.
     *
     * @param count how many were heard of
     * @param last the latest, which stands for all
     */
    record Kind(long count, Instant firstAt, ErrorReport last) {

        private Kind and(ErrorReport next) {
            boolean later = !next.getAt().isBefore(last.getAt());
            return new Kind(count + 1, next.getAt().isBefore(firstAt) ? next.getAt() : firstAt, later ? next : last);
        }
    }

    Errors(int maxKinds) {
        this.maxKinds = maxKinds;
    }

    synchronized void add(ErrorReport error) {
        Key key = new Key(tenantOf(error), error.getFingerprint());
        Kind known = kinds.get(key);
        if (known == null) {
            order.addLast(key);
        }
        kinds.put(key, known == null ? new Kind(1, error.getAt(), error) : known.and(error));
        if (kinds.size() > maxKinds) {
            kinds.remove(order.removeFirst());
        }
    }

    /** The latest first. The platform's own are those that came with nobody's request. */
    List<Kind> list(String tenant, boolean platformToo, Optional<String> service, int limit) {
        return of(tenant, platformToo).stream()
                .filter(kind -> service.map(kind.last().getService()::equals).orElse(true))
                .sorted(Comparator.comparing((Kind kind) -> kind.last().getAt())
                        .thenComparing(kind -> kind.last().getFingerprint())
                        .reversed())
                .limit(limit)
                .toList();
    }

    private synchronized List<Kind> of(String tenant, boolean platformToo) {
        List<Kind> found = new ArrayList<>();
        kinds.forEach((key, kind) -> {
            if (key.tenant.equals(tenant) || (platformToo && key.tenant.equals(Traces.NOBODY))) {
                found.add(kind);
            }
        });
        return found;
    }

    private static String tenantOf(ErrorReport error) {
        return error.getTenant() == null ? Traces.NOBODY : error.getTenant();
    }
}
