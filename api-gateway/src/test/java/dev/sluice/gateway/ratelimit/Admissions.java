package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was admitted and when, in microseconds; the naive oracle of what a rate allows. Thread-safe. */
final class Admissions {

    /** Admitted at some time from its start to its end. */
    private record Admission(long from, long to) {}

    private final List<Admission> all = new ArrayList<>();

    synchronized void add(long from, long to) {
        all.add(new Admission(from, to));
    }

    synchronized int count() {
        return all.size();
    }

    /** Looks at every stretch of time. */
    synchronized void assertWithin(long quota, long burst) {
        List<Admission> sorted =
                all.stream().sorted(Comparator.comparingLong(Admission::from)).toList();
        for (int first = 0; first < sorted.size(); first++) {
            long end = 0;
            for (int last = first; last < sorted.size(); last++) {
                end = Math.max(end, sorted.get(last).to());
                long elapsed = end - sorted.get(first).from();
                long count = last - first + 1L;
                if (count > burst + quota * elapsed / 1_000_000) {
                    assertThat(count)
                            .as("admitted in %d µs at %d/s with a burst of %d", elapsed, quota, burst)
                            .isLessThanOrEqualTo(burst + quota * elapsed / 1_000_000);
                }
            }
        }
    }
}
