package dev.sluice.gateway.fleet;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.RecordPublishers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what gateways know of each other. */
@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(FleetConfiguration.class);

    @Bean
    Fleet fleet(RecordPublishers publishers, FleetProperties properties, InstantSource clock, MeterRegistry meters) {
        // New at every start: what a former process has applied says nothing of this one.
        String self = UUID.randomUUID().toString().substring(0, 13);
        LOG.info("this gateway is {} to the others", self);
        Members members = new Members(self, properties.settling(), properties.silence());
        HeartbeatPublisher sender = new HeartbeatPublisher(publishers, self, clock);
        Fleet fleet = new Fleet(members, sender, properties.heartbeat(), System::nanoTime);
        Gauge.builder("sluice.gateway.fleet.size", fleet, Fleet::size)
                .description("gateways that this one knows to be alive")
                .register(meters);
        return fleet;
    }

    @Bean
    LogFollower heartbeats(LogFollowers followers, Fleet fleet) {
        return HeartbeatListener.follow(followers, fleet);
    }
}
