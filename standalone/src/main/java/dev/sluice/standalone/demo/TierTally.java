package dev.sluice.standalone.demo;

import dev.sluice.standalone.demo.ApiClient.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What became of one tier's requests, as its client saw it. Thread-safe. */
final class TierTally {

    private static final int MOST_TOLD_FAILURES = 3;

    private final String tier;
    private final long[] latencies;
    private final Set<String> policies = new TreeSet<>();
    private final Set<String> failures = new TreeSet<>();
    private int answered;
    private long sent;
    private long admitted;
    private long refused;
    private long explained;
    private long firstSent;
    private long lastAnswered;

    TierTally(String tier, int mostRequests) {
        this.tier = tier;
        this.latencies = new long[mostRequests];
    }

    synchronized void sent(long nanos) {
        if (sent == 0) {
            firstSent = nanos;
            lastAnswered = nanos;
        }
        sent++;
    }

    synchronized void answered(Answer answer, long sentNanos, long nanos) {
        lastAnswered = Math.max(lastAnswered, nanos);
        latencies[answered++] = nanos - sentNanos;
        if (answer.status() == 429) {
            refused++;
            explained += isExplained(answer) ? 1 : 0;
        } else if (answer.status() / 100 == 2) {
            admitted++;
        } else {
            failed(answer.status() + " " + answer.text(), nanos);
        }
        policies.add(answer.header("RateLimit-Policy"));
    }

    synchronized void failed(String reason, long nanos) {
        lastAnswered = Math.max(lastAnswered, nanos);
        if (failures.size() < MOST_TOLD_FAILURES) {
            failures.add(reason);
        }
    }

    synchronized TierReport report() {
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return new TierReport(
                tier,
                sent,
                admitted,
                refused,
                explained,
                Set.copyOf(policies),
                Set.copyOf(failures),
                Duration.ofNanos(lastAnswered - firstSent),
                Duration.ofNanos(percentile(sorted, 50)),
                Duration.ofNanos(percentile(sorted, 99)));
    }

    /** The smallest value that is not below so many per cent of all (nearest rank); 0 when there is none. */
    static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
    }

    /** Whether a refusal says when to come back and which of the limits that it names was reached. */
    private static boolean isExplained(Answer answer) {
        List<String> names = LimitPolicy.parse(answer.header("RateLimit-Policy")).stream()
                .map(LimitPolicy::name)
                .toList();
        Set<String> violated = answer.json()
                .path("violated-policies")
                .valueStream()
                .map(name -> name.asString(""))
                .collect(Collectors.toSet());
        return answer.header("Retry-After").matches("[1-9][0-9]*")
                && !violated.isEmpty()
                && names.containsAll(violated);
    }
}
