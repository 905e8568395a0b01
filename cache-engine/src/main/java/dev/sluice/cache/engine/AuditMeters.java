package dev.sluice.cache.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What the audit has found, without a tenant, a namespace or a key. */
final class AuditMeters implements AutoCloseable {

    private final MeterRegistry registry;
    private final List<Meter> own = new ArrayList<>();
    private final Map<AuditFinding, Counter> copies = new EnumMap<>(AuditFinding.class);
    private final Timer wrongFor;

    AuditMeters(MeterRegistry registry) {
        this.registry = registry;
        for (AuditFinding finding : AuditFinding.values()) {
            Counter counter = Counter.builder("sluice.cache.audit.copies")
                    .description("Copies on this node that were held against Redis")
                    .tag("result", finding.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            copies.put(finding, counter);
            own.add(counter);
        }
        wrongFor = Timer.builder("sluice.cache.audit.wrong")
                .description("How long copies were served that Redis did not have any more")
                .register(registry);
        own.add(wrongFor);
    }

    void watch(Supplier<Consistency> lastHour) {
        own.add(Gauge.builder(
                        "sluice.cache.consistency.ratio", () -> lastHour.get().ratio())
                .description("Part of the copies looked at in the last hour that was right")
                .register(registry));
        own.add(Gauge.builder(
                        "sluice.cache.consistency.nines", () -> lastHour.get().nines())
                .description("Nines of consistency that the last hour's looks prove with a confidence of 95 %")
                .register(registry));
    }

    void count(AuditFinding finding) {
        Objects.requireNonNull(copies.get(finding)).increment();
    }

    void wrongFor(Duration time) {
        wrongFor.record(time);
    }

    @Override
    public void close() {
        own.forEach(registry::remove);
    }
}
