package dev.sluice.webhook.replay;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.job.JobLog;
import dev.sluice.webhook.endpoint.EndpointTable;
import dev.sluice.webhook.endpoint.Endpoints;
import dev.sluice.webhook.fanout.DeliveryPublisher;
import dev.sluice.webhook.history.LaterAttempts;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the jobs that send again. */
@Configuration(proxyBeanMethods = false)
class ReplayConfiguration {

    @Bean
    JobLog replayJobs(LogTables tables) {
        return ReplayTable.over(tables);
    }

    @Bean
    ReplayRunner replayRunner(
            JobLog replayJobs,
            EndpointTable endpoints,
            LaterAttempts later,
            DeliveryPublisher publisher,
            KafkaClients clients,
            InstantSource clock) {
        PastTable past = new PastTable(endpoints, later, clock);
        return new ReplayRunner(new ReplayRun.Tools(replayJobs, endpoints, past, publisher, clock), clients);
    }

    @Bean
    Replays replays(JobLog replayJobs, Endpoints endpoints, ReplayRunner runner, InstantSource clock) {
        return new Replays(replayJobs, endpoints, runner::wake, clock);
    }
}
