package dev.sluice.gateway.responsecache;

import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.RecordPublishers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires how gateways tell each other what they remove. */
@Configuration(proxyBeanMethods = false)
public class RemovalConfiguration {

    @Bean
    Peers responsePeers(
            RecordPublishers publishers,
            LogFollowers followers,
            ResponseCacheProperties properties,
            MeterRegistry meters,
            InstantSource clock) {
        String self = UUID.randomUUID().toString();
        RemovalPublisher publisher = new RemovalPublisher(publishers, clock, self);
        return new LoggedPeers(publisher, followers, self, properties.maxLag(), meters);
    }
}
