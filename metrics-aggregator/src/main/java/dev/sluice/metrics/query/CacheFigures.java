package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.util.LinkedHashMap;
import java.util.Map;

/** A tally as answers show it. Without reads the rate is 0 and the latencies are null. */
record CacheFigures(
        long reads,
        long hits,
        long misses,
        double hitRate,
        Map<String, Long> outcomes,
        long bytes,
        LatencyFigures latency,
        @JsonUnwrapped NamedFigures named) {
    static CacheFigures of(CacheTally tally) {
        Map<String, Long> outcomes = new LinkedHashMap<>();
        for (ReadOutcome outcome : ReadOutcome.values()) {
            outcomes.put(outcome.label(), tally.count(outcome));
        }
        long reads = tally.reads();
        double hitRate = reads == 0 ? 0 : (double) tally.hits() / reads;
        return new CacheFigures(
                reads,
                tally.hits(),
                tally.misses(),
                hitRate,
                outcomes,
                tally.bytes(),
                LatencyFigures.of(tally.latency().summarize()),
                NamedFigures.of(tally));
    }
}
