package dev.sluice.metrics.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.trace.Traces.Position;
import dev.sluice.metrics.trace.Traces.Trace;
import dev.sluice.record.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TracesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aTraceIsItsSpansInTheirOrder() {
        Traces traces = new Traces(100, 10);
        traces.add(span("acme", "t1", "b", 20, 30, true));
        traces.add(span("acme", "t1", "a", 10, 5, false));
        traces.add(span("acme", "t1", "b", 20, 30, true));

        Trace found = traces.find("acme", "t1").orElseThrow();
        assertThat(found.spans()).extracting(Span::getSpanId).containsExactly("a", "b");
        assertThat(found.durationNanos()).isEqualTo(Duration.ofMillis(40).toNanos());
        assertThat(found.failed()).isTrue();
        assertThat(traces.size()).isEqualTo(2);
    }

    @Test
    void nobodySeesTheSpansOfAnother() {
        Traces traces = new Traces(100, 10);
        traces.add(span("acme", "t1", "a", 0, 1, false));
        traces.add(span("other", "t1", "b", 0, 1, false));
        traces.add(span(null, "t2", "c", 0, 1, false));

        assertThat(traces.find("acme", "t1").orElseThrow().spans()).hasSize(1);
        assertThat(traces.find("acme", "t2")).isEmpty();
        assertThat(traces.list("acme", trace -> true, null, 10))
                .extracting(Trace::traceId)
                .containsExactly("t1");
        assertThat(traces.find(Traces.NOBODY, "t2")).isPresent();
    }

    /** The answers about all others of the tenant would fail with them. */
    @Test
    void spansWhoseTimesCannotBeAreRefused() {
        Traces traces = new Traces(100, 10);
        traces.add(span("acme", "t1", "a", 0, 1, false));
        for (String start : List.of("1969-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z", "+200000-01-01T00:00:00Z")) {
            Span span = span("acme", "t1", start, 0, 1, false);
            span.setStartedAt(Instant.parse(start));
            assertThatThrownBy(() -> traces.add(span)).hasMessageContaining(start);
        }
        for (long nanos : new long[] {-1, Duration.ofDays(365).toNanos() + 1, Long.MAX_VALUE}) {
            Span span = span("acme", "t1", "b", 0, 1, false);
            span.setDurationNanos(nanos);
            assertThatThrownBy(() -> traces.add(span)).hasMessageContaining("took " + nanos);
        }
        assertThat(traces.list("acme", trace -> trace.durationNanos() > 0, null, 10))
                .extracting(trace -> trace.spans().size())
                .containsExactly(1);
    }

    @Test
    void oneTraceTakesNotAllTheRoom() {
        Traces traces = new Traces(100, 10);
        for (int i = 0; i < 50; i++) {
            traces.add(span("acme", "t1", "span-" + i, i, 1, false));
        }
        assertThat(traces.find("acme", "t1").orElseThrow().spans()).hasSize(10);
    }

    /** The oracle keeps all spans and looks at the traces that were heard of last. */
    @RepeatedTest(20)
    void theLatestStayAndArePagedThrough(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        int maxSpans = 1 + random.nextInt(60);
        Traces traces = new Traces(maxSpans, 1_000);
        List<Span> all = new ArrayList<>();
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String trace = "t" + (i / 4 + random.nextInt(3));
            if (!heard.contains(trace) || kept(all, heard, maxSpans).contains(trace)) {
                Span span = span("acme", trace, "s" + i, random.nextInt(1_000), 1, false);
                all.add(span);
                if (!heard.contains(trace)) {
                    heard.add(trace);
                }
                traces.add(span);
            }
        }
        List<String> expected = kept(all, heard, maxSpans);
        List<Trace> paged = new ArrayList<>();
        Position before = null;
        List<Trace> page;
        do {
            page = traces.list("acme", trace -> true, before, 7);
            paged.addAll(page);
            before = page.isEmpty() ? null : page.getLast().position();
        } while (!page.isEmpty());
        assertThat(paged).extracting(Trace::traceId).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(paged).isSortedAccordingTo((a, b) -> b.position().compareTo(a.position()));
        assertThat(traces.size()).isLessThanOrEqualTo(maxSpans);
    }

    private static List<String> kept(List<Span> all, List<String> heard, int maxSpans) {
        List<String> kept = new ArrayList<>();
        int size = 0;
        for (String trace : heard.reversed()) {
            size += (int)
                    all.stream().filter(span -> span.getTraceId().equals(trace)).count();
            if (size > maxSpans) {
                break;
            }
            kept.add(trace);
        }
        return kept;
    }

    private static Span span(
            @Nullable String tenant, String trace, String id, int startMillis, int millis, boolean failed) {
        return Span.newBuilder()
                .setTraceId(trace)
                .setSpanId(id)
                .setTenant(tenant)
                .setService("api-gateway")
                .setName("GET /")
                .setStartedAt(START.plusMillis(startMillis))
                .setDurationNanos(Duration.ofMillis(millis).toNanos())
                .setFailed(failed)
                .setAttributes(Map.of())
                .build();
    }
}
