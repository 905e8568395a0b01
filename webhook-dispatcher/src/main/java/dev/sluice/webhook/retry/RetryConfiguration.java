package dev.sluice.webhook.retry;

import dev.sluice.platform.kafka.RecordPublishers;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the schedule and the retry topics. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetryProperties.class)
class RetryConfiguration {

    @Bean
    RetrySchedule retrySchedule(RetryProperties properties) {
        return properties.schedule();
    }

    @Bean
    RetryPublisher retryPublisher(RecordPublishers publishers, InstantSource clock) {
        return new RetryPublisher(publishers, clock);
    }
}
