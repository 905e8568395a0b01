package dev.sluice.cache.warm;

import dev.sluice.cache.namespace.NamespaceTable;
import dev.sluice.cache.namespace.ReadThrough;
import dev.sluice.cache.origin.OriginClient;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Wires the jobs that warm the cache. */
@Configuration(proxyBeanMethods = false)
class WarmConfiguration {

    @Bean
    LogTable<Job> jobLog(LogTables tables) {
        return WarmTable.openJobs(tables);
    }

    @Bean
    LogTable<JobProgress> jobProgressLog(LogTables tables) {
        return WarmTable.openProgress(tables);
    }

    @Bean
    WarmTable warmTable(LogTable<Job> jobLog, LogTable<JobProgress> jobProgressLog) {
        return new WarmTable(jobLog, jobProgressLog);
    }

    @Bean
    WarmSource warmSource(
            NamespaceTable namespaces,
            ReadThrough reads,
            OriginClient client,
            KafkaClients clients,
            InstantSource clock,
            StrictJson json) {
        return new WarmSource(namespaces, reads, client, new HotKeysListener(clients, clock), json);
    }

    @Bean
    WarmRunner warmRunner(WarmTable table, WarmSource source, InstantSource clock) {
        return new WarmRunner(table, source, clock, Schedulers.parallel());
    }

    @Bean
    WarmJobs warmJobs(WarmTable table, NamespaceTable namespaces, WarmRunner runner, InstantSource clock) {
        return new WarmJobs(table, namespaces, runner, clock);
    }
}
