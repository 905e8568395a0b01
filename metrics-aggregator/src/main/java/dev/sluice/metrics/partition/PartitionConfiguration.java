package dev.sluice.metrics.partition;

import dev.sluice.metrics.streams.StreamsRunner;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.platform.web.ServiceNames;
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
        return new PartitionAnswers(
                runner::owners, runner::lastOwners, new HttpPeers(clientOf(properties), token), properties.deadline());
    }

    static HttpClient clientOf(PeerProperties properties) {
        return HttpClient.create()
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(properties.connectTimeout().toMillis()))
                .resolver(ServiceNames::lookUp)
                .responseTimeout(properties.responseTimeout())
                .followRedirect(false);
    }

    @Bean
    CopiesFilter copiesFilter(PeerProperties properties) {
        return new CopiesFilter(properties.staleRecords());
    }
}
