package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.RecordPublishers;
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
    DeliveryMetrics deliveryMetrics(MeterRegistry meters) {
        return new DeliveryMetrics(meters);
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
            DeliveryProperties properties,
            InstantSource clock) {
        return new DeliveryWorker(
                endpoints,
                disabler,
                sender,
                new OutcomePublisher(publishers, retries),
                schedule,
                metrics,
                properties,
                clock,
                new SecureRandom());
    }

    @Bean
    AlarmThread alarmThread() {
        return new AlarmThread();
    }

    /** One for all lanes: what an owner allows is for first attempts and repetitions together. */
    @Bean
    EndpointGates endpointGates(EndpointTable endpoints, AlarmThread alarm) {
        EndpointGates gates = new EndpointGates(
                id -> endpoints.find(id).map(Allowance::of).orElse(Allowance.UNLIMITED), System::nanoTime, alarm);
        endpoints.onChange(gates::changed);
        return gates;
    }

    @Bean
    TopicReader deliveryReader(
            TopicReaders readers,
            EndpointGates gates,
            DeliveryWorker worker,
            DeliveryMetrics metrics,
            DeliveryProperties properties) {
        Lanes first = new Lanes(properties.firstAttempts().limits(), gates, worker::step, worker::defer);
        Lanes later = new Lanes(properties.retries().limits(), gates, worker::step, worker::defer);
        metrics.watch("first", first);
        metrics.watch("retry", later);
        return readers.reader(
                DeliveryListener.SETTINGS, WebhookDelivery.class, new DeliveryListener(first, later, gates));
    }

    @Bean
    TopicReader retryReader(
            TopicReaders readers, DeliveryPublisher deliveries, RetryPublisher retries, InstantSource clock) {
        return readers.reader(
                RetryListener.SETTINGS, WebhookDelivery.class, new RetryListener(deliveries, retries, clock));
    }
}
