package dev.sluice.metrics.query;

import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.reuse.TtlCurve;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What twice the TTL would bring each namespace, in a sentence with what it rests on; those of which too little is known are left out. */
final class TtlReplays {
    private TtlReplays() {}

    static Map<String, String> of(NamedSeries<ReuseTally> counted) {
        Map<String, String> replays = new HashMap<>();
        ReuseQuestion.byNamespace(counted).forEach((namespace, partitions) -> {
            TtlCurve curve = TtlCurve.of(partitions);
            ReuseEvidence evidence = ReuseEvidence.of(partitions, new ReuseTally());
            Instant since = evidence.since();
            if (evidence.isEnough() && since != null && curve.currentSeconds().orElse(0) > 0) {
                replays.put(namespace, sentence(curve, since));
            }
        });
        return replays;
    }

    private static String sentence(TtlCurve curve, Instant since) {
        TtlAdviceAnswer.Change twice =
                TtlAdviceAnswer.Change.of(curve, curve.currentSeconds().orElseThrow(), 2);
        return String.format(
                Locale.ROOT,
                "%s: %d reads of %d sampled keys, since %s.",
                twice.statement(),
                curve.sampledReads(),
                curve.sampledKeys(),
                since);
    }
}
