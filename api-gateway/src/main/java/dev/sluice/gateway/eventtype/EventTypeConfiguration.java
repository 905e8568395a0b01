package dev.sluice.gateway.eventtype;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.web.StrictJson;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogue of event types. */
@Configuration(proxyBeanMethods = false)
class EventTypeConfiguration {

    @Bean
    EventTypeTable eventTypeTable(LogTables tables) {
        return EventTypeTable.over(tables);
    }

    @Bean
    EventTypes eventTypes(EventTypeTable table, EventTypeProperties properties, StrictJson json, InstantSource clock) {
        return new EventTypes(table, properties, json, clock);
    }

    @Bean
    EventDataChecks eventDataChecks(EventTypeTable table, EventTypeProperties properties) {
        return new EventDataChecks(table, properties);
    }
}
