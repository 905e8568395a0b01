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
    KeyFates keyFates(EventProperties properties) {
        return new KeyFates(properties.rememberedKeys());
    }

    @Bean
    ReadPublisher readPublisher(
            RecordPublishers publishers,
            EventProperties properties,
            KeyFates fates,
            InstantSource clock,
            CacheNode node) {
        return new ReadPublisher(publishers, properties, fates, clock, node.id());
    }

    @Bean
    ChangePublisher changePublisher(RecordPublishers publishers, KeyFates fates, InstantSource clock, CacheNode node) {
        return new ChangePublisher(publishers, fates, clock, node.id());
    }
}
