package dev.sluice.cache.event;

import dev.sluice.cache.node.CacheNode;
import dev.sluice.platform.kafka.RecordPublishers;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the publishers of reads and changes. Batches are drained when the publishers' platform closes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EventProperties.class, CacheNode.class})
class EventConfiguration {

    @Bean
    ReadPublisher readPublisher(
            RecordPublishers publishers, EventProperties properties, InstantSource clock, CacheNode node) {
        return new ReadPublisher(publishers, properties, clock, node.id());
    }

    @Bean
    ChangePublisher changePublisher(RecordPublishers publishers, InstantSource clock, CacheNode node) {
        return new ChangePublisher(publishers, clock, node.id());
    }
}
