package dev.sluice.metrics.webhook;

import dev.sluice.platform.kafka.LogTables;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires who knows which webhooks are behind. */
@Configuration(proxyBeanMethods = false)
class WebhookFactsConfiguration {

    @Bean
    BacklogTable backlogTable(LogTables tables) {
        return BacklogTable.over(tables);
    }
}
