package dev.sluice.gateway.schemaregistry;

import dev.sluice.platform.web.StrictJson;
import dev.sluice.schemas.SchemaCatalogue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the schema registry. */
@Configuration(proxyBeanMethods = false)
class SchemaRegistryConfiguration {

    @Bean
    SchemaRegistry schemaRegistry() {
        return new SchemaRegistry(SchemaCatalogue.shared());
    }

    @Bean
    RefusalFilter refusalFilter(StrictJson json) {
        return new RefusalFilter(json);
    }
}
