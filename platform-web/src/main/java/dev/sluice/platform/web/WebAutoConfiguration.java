package dev.sluice.platform.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Puts the shared filters, problem mapping and server settings into every service. */
@AutoConfiguration
@EnableConfigurationProperties({WebProperties.class, InternalProperties.class})
class WebAutoConfiguration {

    WebAutoConfiguration() {
        DroppedErrors.tellBriefly();
    }

    @Bean
    @ConditionalOnMissingBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    ProblemWriter problemWriter() {
        return new ProblemWriter();
    }

    @Bean
    ProblemExceptionHandler problemExceptionHandler(ProblemWriter writer, ObjectProvider<RequestObserver> observer) {
        return new ProblemExceptionHandler(writer, observer.getIfAvailable(() -> RequestObserver.NONE));
    }

    @Bean
    StrictJson strictJson() {
        return new StrictJson();
    }

    @Bean
    RequestContextFilter requestContextFilter(WebProperties properties) {
        // Ids are no secrets; a secure generator is shared by all threads, and they wait for each other.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        TraceSampler sampler =
                new TraceSampler(properties.traceRatio(), properties.traceMaxPerSecond(), System::nanoTime);
        return new RequestContextFilter(random, sampler);
    }

    @Bean
    AccessLog accessLog(ObjectProvider<MeterRegistry> meters) {
        return new AccessLog(meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    /** Before Boot's own, which takes all observations. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    RequestMeterHandler requestMeterHandler(ObjectProvider<MeterRegistry> meters) {
        return new RequestMeterHandler(meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    AccessLogFilter accessLogFilter(AccessLog log, ObjectProvider<RequestObserver> observer, InstantSource clock) {
        return new AccessLogFilter(log, observer.getIfAvailable(() -> RequestObserver.NONE), clock);
    }

    @Bean
    SecurityHeadersFilter securityHeadersFilter() {
        return new SecurityHeadersFilter();
    }

    @Bean
    StrictRequestFilter strictRequestFilter(WebProperties properties) {
        return new StrictRequestFilter(
                properties.extraMethods().stream().map(HttpMethod::valueOf).collect(Collectors.toSet()));
    }

    @Bean
    BodyFilter bodyFilter(WebProperties properties) {
        return new BodyFilter(properties.maxBodySize().toBytes(), Set.copyOf(properties.streamedPaths()));
    }

    @Bean
    IdentityToken identityToken(InternalProperties properties, InstantSource clock) {
        return new IdentityToken(properties.secret(), clock);
    }

    @Bean
    @ConditionalOnProperty("sluice.web.internal")
    InternalIdentityFilter internalIdentityFilter(IdentityToken token) {
        return new InternalIdentityFilter(token);
    }

    @Bean
    EventLoopWrites eventLoopWrites() {
        return new EventLoopWrites();
    }

    @Bean
    NettyServerCustomizer serverSettings(WebProperties properties) {
        return new ServerSettings(properties);
    }

    /** No bean that provides routes: the server of the management port would take it over from this context. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> unparsedTargets() {
        return factory ->
                factory.addRouteProviders(routes -> routes.route(UnparsedTargets::contain, UnparsedTargets::refuse));
    }

    @Bean
    WebFluxConfigurer bodyLimit(WebProperties properties) {
        return new WebFluxConfigurer() {
            @Override
            public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
                configurer
                        .defaultCodecs()
                        .maxInMemorySize(
                                Math.toIntExact(properties.maxBodySize().toBytes()));
            }
        };
    }
}
