package dev.sluice.metrics.reset;

import dev.sluice.platform.kafka.LogTables;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the marks. */
@Configuration(proxyBeanMethods = false)
class ResetConfiguration {

    @Bean
    ResetTable resetTable(LogTables tables) {
        return ResetTable.over(tables);
    }
}
