package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.AlertWatch.Figures.Reader;
import dev.sluice.metrics.anomaly.Baseline;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.anomaly.Judged;
import dev.sluice.metrics.anomaly.MeasuredHours;
import dev.sluice.metrics.anomaly.Watched;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Reads what was measured of all tenants, and judges it: the hour that runs once that has volume enough, before that the last full one. Blocks; used by one thread.
 */
final class AnomalyFigures {

    /** So long after its end an hour may still get what comes late; to read one costs some hundred windows of each name. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private final AnomalyProperties terms;
    private final List<Source<?>> sources;
    private final MeasuredHours past = new MeasuredHours();
    private Instant settledHour = Instant.MIN;
    private Map<Watched, Measured> settled = Map.of();

    /**
     * Where something comes from.
     *
     * @param reader by the key of {@link #keyOf}
     */
    record Source<T extends Tally<T>>(String subject, Reader<T> reader, List<Figure<T>> figures) {}

    private record Measured(double value, long volume) {}

    private record Candidate<T>(String tenant, String name, T tally, long volume) {}

    AnomalyFigures(AnomalyProperties terms, List<Source<?>> sources) {
        this.terms = terms;
        this.sources = List.copyOf(sources);
    }

    /** What the reader calls something that a tenant has. */
    static String keyOf(String tenant, String name) {
        return tenant + '\u0000' + name;
    }

    void forget() {
        past.forget();
        settledHour = Instant.MIN;
        settled = Map.of();
    }

    /** All that can be judged; fails as the reader does. What was read of the past until then is kept. */
    List<Judged> read(Instant now) {
        Instant running = now.truncatedTo(ChronoUnit.HOURS);
        Instant last = running.minus(Level.HOUR);
        for (Instant hour : past.missing(running)) {
            Map<Watched, Double> values = new HashMap<>();
            measure(hour).forEach((what, measured) -> values.put(what, measured.value()));
            past.put(hour, values);
        }
        Map<Watched, Measured> before = measureLast(last, now);
        Map<Watched, Measured> current = measure(running);
        List<Judged> judged = new ArrayList<>();
        current.forEach((what, measured) -> {
            Map<Instant, Double> series = past.of(what);
            Measured hourBefore = before.get(what);
            if (hourBefore != null) {
                series.put(last, hourBefore.value());
            }
            judge(what, running, measured, series).ifPresent(judged::add);
        });
        before.forEach((what, measured) -> {
            if (!current.containsKey(what)) {
                judge(what, last, measured, past.of(what)).ifPresent(judged::add);
            }
        });
        return judged;
    }

    private static Optional<Judged> judge(Watched what, Instant hour, Measured measured, Map<Instant, Double> series) {
        return Baseline.of(what.measure(), hour, series)
                .map(usual -> new Judged(what, hour, measured.value(), measured.volume(), usual));
    }

    private Map<Watched, Measured> measureLast(Instant last, Instant now) {
        if (last.equals(settledHour)) {
            return settled;
        }
        Map<Watched, Measured> measured = measure(last);
        if (!now.isBefore(last.plus(Level.HOUR).plus(SETTLED))) {
            settledHour = last;
            settled = measured;
        }
        return measured;
    }

    private Map<Watched, Measured> measure(Instant hour) {
        Map<Watched, Measured> measured = new HashMap<>();
        sources.forEach(source -> measure(source, hour, measured));
        return measured;
    }

    private <T extends Tally<T>> void measure(Source<T> source, Instant hour, Map<Watched, Measured> measured) {
        ToLongFunction<T> volume = source.figures().getFirst().volume();
        List<Candidate<T>> candidates = new ArrayList<>();
        source.reader()
                .read(hour, hour.plus(Level.HOUR).minusMillis(1))
                .byTenant()
                .forEach((key, tally) -> {
                    int separator = key.indexOf('\u0000');
                    candidates.add(new Candidate<>(
                            key.substring(0, separator),
                            key.substring(separator + 1),
                            tally,
                            volume.applyAsLong(tally)));
                });
        for (Candidate<T> one : mostUsed(candidates)) {
            for (Figure<T> figure : source.figures()) {
                if (figure.isKnown(one.tally())) {
                    measured.put(
                            new Watched(one.tenant(), source.subject(), one.name(), figure.measure()),
                            new Measured(figure.value().applyAsDouble(one.tally()), one.volume()));
                }
            }
        }
    }

    private <T> List<Candidate<T>> mostUsed(List<Candidate<T>> candidates) {
        Map<String, Integer> ofTenant = new HashMap<>();
        return candidates.stream()
                .sorted(Comparator.comparingLong((Candidate<T> one) -> one.volume())
                        .reversed()
                        .thenComparing(one -> keyOf(one.tenant(), one.name())))
                .filter(one -> ofTenant.merge(one.tenant(), 1, Integer::sum) <= terms.perTenant())
                .limit(terms.inAll())
                .toList();
    }
}
