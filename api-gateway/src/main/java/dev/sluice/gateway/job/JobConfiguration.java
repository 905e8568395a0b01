package dev.sluice.gateway.job;

import dev.sluice.platform.kafka.LogTables;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the jobs. */
@Configuration(proxyBeanMethods = false)
class JobConfiguration {

    @Bean
    Jobs jobs(LogTables tables, JobProperties properties, InstantSource clock) {
        return new Jobs(JobTable.over(tables), properties, clock);
    }
}
