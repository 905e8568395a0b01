package dev.sluice.metrics.partition;

import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.platform.web.IdentityToken;
import io.netty.channel.ChannelOption;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

/** Wires the way to the other instances. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PeerProperties.class)
class PartitionConfiguration {
    @Bean
    PartitionAnswers partitionAnswers(StreamsRunner runner, PeerProperties properties, IdentityToken token) {
        HttpClient client = HttpClient.create()
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(properties.connectTimeout().toMillis()))
                .responseTimeout(properties.responseTimeout())
                .followRedirect(false);
        return new PartitionAnswers(
                runner::owners, runner::lastOwners, new HttpPeers(client, token), properties.deadline());
    }

    @Bean
    CopiesFilter copiesFilter(PeerProperties properties) {
        return new CopiesFilter(properties.staleRecords());
    }
}
