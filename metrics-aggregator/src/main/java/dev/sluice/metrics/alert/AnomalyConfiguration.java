package dev.sluice.metrics.alert;

import dev.sluice.metrics.alert.TenantsQuestion.Source;
import dev.sluice.metrics.anomaly.Figure;
import dev.sluice.metrics.anomaly.Measure;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.usage.UsageTopology;
import dev.sluice.platform.kafka.LogSearch;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.web.StrictJson;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires who watches for what is unusual. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AnomalyProperties.class)
class AnomalyConfiguration {

    @Bean
    AnomalyFigures anomalyFigures(
            AnomalyProperties properties,
            PartitionAnswers answers,
            LadderReader<CacheTally> cacheWindows,
            LadderReader<RouteTally> routeWindows) {
        return new AnomalyFigures(
                properties,
                List.of(
                        new AnomalyFigures.Source<>(
                                AnomalyEvents.NAMESPACE,
                                AlertConfiguration.reader(answers, Source.ofNamespaces(cacheWindows)),
                                Figure.OF_NAMESPACES),
                        new AnomalyFigures.Source<>(
                                AnomalyEvents.ROUTE,
                                AlertConfiguration.reader(answers, Source.ofRoutes(routeWindows)),
                                Figure.OF_ROUTES)));
    }

    @Bean
    LeaderWatch anomalyWatch(
            AnomalyProperties properties,
            AnomalyFigures figures,
            FreshnessMonitor freshness,
            AlertTable table,
            StreamsRunner runner,
            LadderReader<CacheTally> cacheWindows,
            RecordPublishers publishers,
            LogSearch search,
            StrictJson json,
            InstantSource clock,
            MeterRegistry meters) {
        AlertDesk desk = new AlertDesk(
                table, new AlertPublisher(AlertPublisher.over(publishers, search), new AnomalyEvents(json), meters));
        AnomalyWatch watch = new AnomalyWatch(properties, time -> isCounted(freshness, time), figures, desk);
        Gauge.builder("sluice.metrics.anomalies.judged", watch, AnomalyWatch::judged)
                .description("Figures of namespaces and routes that were compared with what is usual at the last look")
                .register(meters);
        countStanding(table, AnomalyEvents.NAMESPACE, Figure.OF_NAMESPACES, meters);
        countStanding(table, AnomalyEvents.ROUTE, Figure.OF_ROUTES, meters);
        return new LeaderWatch(
                "anomaly-watch",
                properties.enabled() ? properties.every() : Duration.ZERO,
                AlertConfiguration.leads(runner, cacheWindows),
                desk,
                watch,
                clock);
    }

    private static boolean isCounted(FreshnessMonitor freshness, Instant time) {
        return Stream.of(CacheStatsTopology.inputTopic(), UsageTopology.inputTopic())
                .allMatch(topic -> freshness
                        .latest(topic)
                        .map(Freshness::completeTo)
                        .filter(completeTo -> !completeTo.isBefore(time))
                        .isPresent());
    }

    private static void countStanding(
            AlertTable table, String subject, List<? extends Figure<?>> figures, MeterRegistry meters) {
        for (Figure<?> figure : figures) {
            Measure measure = figure.measure();
            Gauge.builder("sluice.metrics.anomalies", table, known -> count(known, subject, measure))
                    .description("Figures of all tenants that are not as usual, as they were told last")
                    .tag("subject", subject)
                    .tag("measure", measure.title())
                    .register(meters);
        }
    }

    private static long count(AlertTable table, String subject, Measure measure) {
        return table.all().stream()
                .filter(AnomalyEvents::stands)
                .map(AnomalyEvents::watchedOf)
                .filter(what -> what.subject().equals(subject) && what.measure() == measure)
                .count();
    }
}
