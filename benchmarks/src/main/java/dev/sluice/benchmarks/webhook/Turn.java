package dev.sluice.benchmarks.webhook;

import java.util.List;
import java.util.Locale;

/**
 * What was seen of some deliveries.
 *
 * @param micros of the processor, for each
 * @param idle part of the machine's cores that had nothing to do
 */
record Turn(double perSecond, double micros, double idle) {

    static Turn median(List<Turn> turns) {
        return new Turn(
                Figures.median(turns.stream().mapToDouble(Turn::perSecond).toArray()),
                Figures.median(turns.stream().mapToDouble(Turn::micros).toArray()),
                Figures.median(turns.stream().mapToDouble(Turn::idle).toArray()));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f/s, %.0f µs of CPU each", perSecond, micros);
    }
}
