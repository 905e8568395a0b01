package dev.sluice.metrics.trace;

import dev.sluice.record.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest spans, by tenant and trace. Whoever names the trace of another tenant in a request sees no more than its own spans.
 * When there are too many, the trace that was heard of first goes. Thread-safe.
 */
final class Traces {

    /** Who has no key, or none that is valid. */
    static final String NOBODY = "";

    /** Later than any clock is wrong; times of spans fit into nanoseconds. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private static final Duration LONGEST = Duration.ofDays(365);

    private final int maxSpans;
    private final int maxSpansOfTrace;
    private final Map<Key, Map<String, Span>> traces = new HashMap<>();
    private final Deque<Key> order = new ArrayDeque<>();
    private int size;

    private record Key(String tenant, String traceId) {}

    /**
     * @param maxSpans in all
     * @param maxSpansOfTrace of one trace; the ones that come later are left out
     */
    Traces(int maxSpans, int maxSpansOfTrace) {
        this.maxSpans = maxSpans;
        this.maxSpansOfTrace = maxSpansOfTrace;
    }

    /** A span that comes again takes its own place; fails when its times cannot be. */
    synchronized void add(Span span) {
        requireTimes(span);
        Key key = new Key(span.getTenant() == null ? NOBODY : span.getTenant(), span.getTraceId());
        Map<String, Span> spans = traces.computeIfAbsent(key, unseen -> {
            order.addLast(unseen);
            return new LinkedHashMap<>();
        });
        if (spans.size() >= maxSpansOfTrace && !spans.containsKey(span.getSpanId())) {
            return;
        }
        if (spans.put(span.getSpanId(), span) == null) {
            size++;
        }
        while (size > maxSpans) {
            Map<String, Span> oldest = traces.remove(order.removeFirst());
            size -= oldest == null ? 0 : oldest.size();
        }
    }

    /** One that has to be refused would make the answers about all others of its tenant fail. */
    private static void requireTimes(Span span) {
        Instant start = span.getStartedAt();
        long nanos = span.getDurationNanos();
        if (start.isBefore(Instant.EPOCH) || !start.isBefore(LATEST) || nanos < 0 || nanos > LONGEST.toNanos()) {
            throw new IllegalArgumentException("a span began at " + start + " and took " + nanos + " ns");
        }
    }

    synchronized int size() {
        return size;
    }

    /** By id; empty when this tenant has no span of it. */
    synchronized Optional<Trace> find(String tenant, String traceId) {
        return Optional.ofNullable(traces.get(new Key(tenant, traceId)))
                .map(spans -> Trace.of(traceId, spans.values()));
    }

    /**
     * The latest first.
     *
     * @param before only what stands behind it in that order, as on the page before; null for all
     */
    List<Trace> list(String tenant, Predicate<Trace> wanted, @Nullable Position before, int limit) {
        return of(tenant).stream()
                .filter(wanted)
                .filter(trace -> before == null || trace.position().compareTo(before) < 0)
                .sorted(Comparator.comparing(Trace::position).reversed())
                .limit(limit)
                .toList();
    }

    private synchronized List<Trace> of(String tenant) {
        List<Trace> found = new ArrayList<>();
        traces.forEach((key, spans) -> {
            if (key.tenant.equals(tenant)) {
                found.add(Trace.of(key.traceId, spans.values()));
            }
        });
        return found;
    }

    /** A trace's place in the list. */
    record Position(Instant at, String traceId) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : traceId.compareTo(other.traceId);
        }
    }

    /**
     * What is known of one trace.
     *
     * @param spans in the order in which they began; one at least
     */
    record Trace(String traceId, List<Span> spans) {

        static Trace of(String traceId, Collection<Span> spans) {
            return new Trace(
                    traceId,
                    spans.stream()
                            .sorted(Comparator.comparing(Span::getStartedAt).thenComparing(Span::getSpanId))
                            .toList());
        }

        Span first() {
            return spans.getFirst();
        }

        Position position() {
            return new Position(first().getStartedAt(), traceId);
        }

        boolean failed() {
            return spans.stream().anyMatch(Span::getFailed);
        }

        boolean touches(String service) {
            return spans.stream().anyMatch(span -> span.getService().equals(service));
        }

        /** From the first beginning to the last end, in nanoseconds. */
        long durationNanos() {
            Instant start = first().getStartedAt();
            return spans.stream()
                    .mapToLong(
                            span -> Duration.between(start, span.getStartedAt()).toNanos() + span.getDurationNanos())
                    .max()
                    .orElse(0);
        }
    }
}
