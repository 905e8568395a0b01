package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.AlertWatch.Figures;
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
                .filter(alert -> AlertPublisher.statusOf(alert) == status)
                .count();
    }

    @Bean
    AlertWatch alertWatch(
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
                reader(answers, cacheWindows, TenantsQuestion.CACHE_PATH),
                reader(answers, routeWindows, TenantsQuestion.REQUESTS_PATH));
        String store = cacheWindows.ladder().storeOf(0);
        return new AlertWatch(
                properties.alerts(),
                () -> leads(runner.owners(store)),
                figures,
                new AlertDesk(table, new AlertPublisher(AlertPublisher.over(publishers, search), json, meters)),
                clock);
    }

    /** One instance has the first partition; while it moves, two may think so for a moment. */
    private static boolean leads(PartitionOwners owners) {
        return owners.self().equals(owners.byPartition().get(0));
    }

    private static <T extends Tally<T>> Figures.Reader<T> reader(
            PartitionAnswers answers, LadderReader<T> windows, String path) {
        return (from, to) -> Objects.requireNonNull(
                answers.answer(new TenantsQuestion<>(windows, path, from, to)).block(PATIENCE));
    }
}
