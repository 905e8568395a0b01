package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.AlertWatch.Figures;
import dev.sluice.metrics.alert.TenantsQuestion.Source;
import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.HealthProperties;
import dev.sluice.metrics.health.TrafficHealthRules;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.streams.PartitionOwners;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires who watches, and how changes are told. */
@Configuration(proxyBeanMethods = false)
class AlertConfiguration {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    AlertTable alertTable(LogTables tables, MeterRegistry meters) {
        AlertTable table = AlertTable.over(tables);
        for (Status status : Status.values()) {
            Gauge.builder("sluice.metrics.alerts", table, known -> count(known, status))
                    .description("Verdicts about tenants as they were told last")
                    .tag("status", status.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        return table;
    }

    private static long count(AlertTable table, Status status) {
        return table.all().stream()
                .filter(VerdictEvents::isVerdict)
                .filter(alert -> AlertTable.statusOf(alert) == status)
                .count();
    }

    @Bean
    LeaderWatch alertWatch(
            HealthProperties properties,
            AlertTable table,
            StreamsRunner runner,
            PartitionAnswers answers,
            LadderReader<CacheTally> cacheWindows,
            LadderReader<RouteTally> routeWindows,
            CacheHealthRules cacheRules,
            TrafficHealthRules trafficRules,
            RecordPublishers publishers,
            LogSearch search,
            StrictJson json,
            InstantSource clock,
            MeterRegistry meters) {
        Figures figures = new Figures(
                cacheRules,
                trafficRules,
                reader(answers, Source.ofTenants(cacheWindows, TenantsQuestion.CACHE_PATH)),
                reader(answers, Source.ofTenants(routeWindows, TenantsQuestion.REQUESTS_PATH)));
        AlertDesk desk = new AlertDesk(
                table, new AlertPublisher(AlertPublisher.over(publishers, search), new VerdictEvents(json), meters));
        return new LeaderWatch(
                "alert-watch",
                properties.alerts().enabled() ? properties.alerts().every() : Duration.ZERO,
                leads(runner, cacheWindows),
                desk,
                new AlertWatch(properties.alerts(), figures, desk),
                clock);
    }

    /** One instance has the first partition; while it moves, two may think so for a moment. */
    static BooleanSupplier leads(StreamsRunner runner, LadderReader<CacheTally> cacheWindows) {
        String store = cacheWindows.ladder().storeOf(0);
        return () -> {
            PartitionOwners owners = runner.owners(store);
            return owners.self().equals(owners.byPartition().get(0));
        };
    }

    static <T extends Tally<T>> Figures.Reader<T> reader(PartitionAnswers answers, Source<T> source) {
        return (from, to) -> Objects.requireNonNull(
                answers.answer(new TenantsQuestion<>(source, from, to)).block(PATIENCE));
    }
}
