package dev.sluice.gateway.access;

import dev.sluice.platform.kafka.RecordPublishers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Wires the records of requests. Batches are drained when the publishers' platform closes, which is after the server. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    AccessPublisher accessPublisher(RecordPublishers publishers) {
        return new AccessPublisher(publishers, UUID.randomUUID().toString().substring(0, 13));
    }

    @Bean
    RouteNames routeNames(
            ObjectProvider<RequestMappingHandlerMapping> controllers, ObjectProvider<NativeTemplates> others) {
        return new RouteNames(() -> patternsOf(controllers, others));
    }

    @Bean
    SlowMarks slowMarks(AccessProperties properties, MeterRegistry meters) {
        return new SlowMarks(properties.slow(), properties.slowWarningsPerSecond(), System::nanoTime, meters);
    }

    @Bean
    AccessRecorder accessRecorder(
            RouteNames routes,
            InstantSource clock,
            AccessProperties properties,
            SlowMarks slow,
            AccessPublisher publisher) {
        return new AccessRecorder(routes, clock, new ServerTiming(properties.serverTiming()), slow, publisher::publish);
    }

    @Bean
    AccessFilter accessFilter() {
        return new AccessFilter();
    }

    /** Not a customizer of the server itself: the one of the management port would take it over from this context. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> watchedConnections(AccessRecorder recorder) {
        return factory -> factory.addServerCustomizers(server ->
                server.doOnChannelInit((observer, channel, address) -> TrailHandler.watch(channel, recorder)));
    }

    private static List<String> patternsOf(
            ObjectProvider<RequestMappingHandlerMapping> controllers, ObjectProvider<NativeTemplates> others) {
        Stream<String> ofControllers = controllers.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(mapping -> mapping.getPatternsCondition().getPatterns().stream())
                .map(pattern -> pattern.getPatternString());
        return Stream.concat(ofControllers, others.stream().flatMap(more -> more.patterns().stream()))
                .toList();
    }
}
