package dev.sluice.platform.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;

/** Wires this module into every service that has it on its class path. */
@AutoConfiguration(
        after = KafkaAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@EnableConfigurationProperties({PlatformKafkaProperties.class, KafkaProperties.class})
public class PlatformKafkaAutoConfiguration {
    @Bean
    KafkaClients kafkaClients(KafkaProperties kafka, PlatformKafkaProperties properties) {
        Map<String, Object> settings = new HashMap<>(kafka.buildAdminProperties());
        settings.put("bootstrap.servers", String.join(",", kafka.getBootstrapServers()));
        return new KafkaClients(
                settings,
                kafka.getProducer().getProperties(),
                kafka.getConsumer().getProperties(),
                properties);
    }

    @Bean(initMethod = "start")
    TopicProvisioner topicProvisioner(KafkaClients clients, PlatformKafkaProperties properties) {
        return TopicProvisioner.ofCatalogue(clients, properties);
    }

    @Bean
    RecordPublishers recordPublishers(KafkaClients clients, PlatformKafkaProperties properties, MeterRegistry meters) {
        return new RecordPublishers(
                () -> clients.newProducer("sluice-publisher", new ByteArraySerializer(), new ByteArraySerializer()),
                () -> clients.newProducer("sluice-gatherer", new ByteArraySerializer(), new ByteArraySerializer()),
                properties,
                meters);
    }

    @Bean
    PoisonPublisher poisonPublisher(
            RecordPublishers publishers, PlatformKafkaProperties properties, MeterRegistry meters) {
        return new PoisonPublisher(publishers.sender(), properties, meters);
    }

    @Bean
    PoisonHandling poisonHandling(PoisonPublisher poison) {
        return new PoisonHandling(poison);
    }

    @Bean
    LogEnds logEnds(KafkaClients clients) {
        return new LogEnds(clients);
    }

    @Bean
    LogTables logTables(
            KafkaClients clients,
            LogEnds ends,
            TopicProvisioner provisioner,
            RecordPublishers publishers,
            PoisonPublisher poison,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        return new LogTables(clients, ends, provisioner, publishers, poison, properties, meters);
    }

    @Bean
    LogFollowers logFollowers(
            KafkaClients clients,
            LogEnds ends,
            TopicProvisioner provisioner,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        return new LogFollowers(clients, ends, provisioner, properties, meters);
    }

    @Bean
    LogSearch logSearch(KafkaClients clients, PlatformKafkaProperties properties) {
        return new LogSearch(clients, properties);
    }

    @Bean
    RecordListenerContainers recordListenerContainers(
            KafkaClients clients,
            TopicProvisioner provisioner,
            PoisonPublisher poison,
            PoisonHandling handling,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        return new RecordListenerContainers(clients, provisioner, poison, handling, properties, meters);
    }

    @Bean
    HealthIndicator topicsHealthIndicator(TopicProvisioner provisioner) {
        return KafkaHealthIndicators.topics(provisioner);
    }

    @Bean
    HealthIndicator logTablesHealthIndicator(LogTables tables, TopicProvisioner provisioner) {
        return KafkaHealthIndicators.tables(tables, provisioner);
    }

    @Bean
    HealthIndicator listenersHealthIndicator(RecordListenerContainers containers) {
        return KafkaHealthIndicators.listeners(containers);
    }
}
