package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.egress.WebhookClient;
import dev.sluice.webhook.endpoint.EndpointDisabler;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import dev.sluice.webhook.reading.TopicReader;
import dev.sluice.webhook.reading.TopicReaders;
import dev.sluice.webhook.retry.RetryPublisher;
import dev.sluice.webhook.retry.RetrySchedule;
import dev.sluice.webhook.secret.SecretKeyring;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way from deliveries to receivers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryConfiguration {

    @Bean
    DeliveryMetrics deliveryMetrics(MeterRegistry meters, Telemetry telemetry) {
        return new DeliveryMetrics(meters, new DeliverySpans(telemetry));
    }

    @Bean
    Sender sender(WebhookClient client, SecretKeyring keyring) {
        return new Sender(client, keyring);
    }

    @Bean
    DeliveryWorker deliveryWorker(
            EndpointTable endpoints,
            EndpointDisabler disabler,
            Sender sender,
            RecordPublishers publishers,
            RetryPublisher retries,
            RetrySchedule schedule,
            DeliveryMetrics metrics,
            InstantSource clock) {
        return new DeliveryWorker(
                endpoints,
                disabler,
                sender,
                new OutcomePublisher(publishers, retries),
                schedule,
                metrics,
                clock,
                new SecureRandom());
    }

    @Bean
    AlarmThread alarmThread() {
        return new AlarmThread();
    }

    /** One for all lanes: what an owner allows is for first attempts and repetitions together. */
    @Bean
    EndpointGates endpointGates(
            EndpointTable endpoints, AlarmThread alarm, DeliveryProperties properties, DeliveryMetrics metrics) {
        EndpointGates gates = new EndpointGates(
                id -> endpoints.find(id).map(Allowance::of).orElse(Allowance.UNLIMITED),
                properties.breaker().limits(),
                System::nanoTime,
                alarm);
        endpoints.onChange(gates::changed);
        metrics.watch(gates);
        return gates;
    }

    @Bean
    CursorTable cursorTable(LogTables tables) {
        return CursorTable.over(tables);
    }

    @Bean
    Cursors cursors(
            DeliveryWorker worker,
            EndpointGates gates,
            CursorTable table,
            AlarmThread alarm,
            DeliveryMetrics metrics,
            DeliveryProperties properties,
            InstantSource clock) {
        Cursors cursors = new Cursors(
                properties.firstAttempts().limits(),
                properties.retries().limits(),
                worker::step,
                gates,
                table,
                alarm,
                System::nanoTime,
                clock,
                metrics::postponed);
        metrics.watch(cursors);
        return cursors;
    }

    @Bean
    CatchUp catchUp(KafkaClients clients, Cursors cursors, DeliveryProperties properties, InstantSource clock) {
        WaitLimit waitLimit = new WaitLimit(clients, DeliveryListener.TOPIC, properties.longestWait(), clock);
        return new CatchUp(clients, DeliveryListener.TOPIC, cursors, waitLimit);
    }

    @Bean
    TopicReader deliveryReader(TopicReaders readers, Cursors cursors, CursorTable table, EndpointGates gates) {
        return readers.reader(
                DeliveryListener.SETTINGS, WebhookDelivery.class, new DeliveryListener(cursors, table, gates));
    }

    @Bean
    TopicReader retryReader(
            TopicReaders readers, DeliveryPublisher deliveries, RetryPublisher retries, InstantSource clock) {
        return readers.reader(
                RetryListener.SETTINGS, WebhookDelivery.class, new RetryListener(deliveries, retries, clock));
    }
}
