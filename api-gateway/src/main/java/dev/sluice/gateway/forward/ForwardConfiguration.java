package dev.sluice.gateway.forward;

import dev.sluice.gateway.access.NativeTemplates;
import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.platform.web.ServiceNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Wires the way to the internal services. */
@Configuration(proxyBeanMethods = false)
class ForwardConfiguration {

    @Bean
    InternalRoutes internalRoutes() {
        return InternalRoutes.ofPlatform();
    }

    @Bean
    NativeTemplates forwardedTemplates(InternalRoutes routes) {
        return new NativeTemplates(
                routes.all().stream().map(InternalRoute::pattern).toList());
    }

    @Bean(destroyMethod = "dispose")
    ConnectionProvider serviceConnections(ForwardProperties properties) {
        return ConnectionProvider.builder("services")
                .maxConnections(properties.maxConnections())
                .pendingAcquireMaxCount(properties.maxWaiting())
                .pendingAcquireTimeout(properties.maxWaitingTime())
                .maxIdleTime(properties.maxIdleTime())
                // The connection used last is the one least likely to have been closed by the other side.
                .lifo()
                .build();
    }

    @Bean
    Forwarder forwarder(
            ConnectionProvider serviceConnections,
            ForwardProperties properties,
            ServiceProperties services,
            IdentityToken token,
            ClientAddresses addresses,
            MeterRegistry meters) {
        HttpClient client = HttpClient.create(serviceConnections)
                .resolver(ServiceNames::lookUp)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(properties.connectTimeout().toMillis()))
                .responseTimeout(properties.responseTimeout())
                // What may be sent again is decided in ForwardAttempt.
                .disableRetry(true)
                .followRedirect(false)
                .compress(false);
        return new Forwarder(client, services, token, addresses, meters);
    }

    @Bean
    MetricsAnswers metricsAnswers(Forwarder forwarder) {
        return new MetricsAnswers(forwarder);
    }

    @Bean
    ForwardHandlerMapping forwardHandlerMapping(InternalRoutes routes, Forwarder forwarder) {
        return new ForwardHandlerMapping(routes, forwarder);
    }
}
