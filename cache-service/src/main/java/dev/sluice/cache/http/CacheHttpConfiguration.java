package dev.sluice.cache.http;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.WebProperties;
import dev.sluice.platform.web.express.Express;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the HTTP side needs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheHttpProperties.class)
class CacheHttpConfiguration {

    /** Reads of entries, puts and purges, which are nearly all of what is asked, go past WebFlux. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> plainCalls(
            ApplicationContext context,
            ObjectProvider<CacheController> controller,
            ObjectProvider<BatchController> batches,
            ObjectProvider<PurgeController> purges) {
        return Express.inFrontOfWebFlux(
                context,
                PlainCalls::contain,
                dispatcher -> new PlainCalls(controller.getObject(), batches.getObject(), purges.getObject()));
    }

    /** Before the process calls itself ready. */
    @Bean
    ApplicationRunner batchWarmUp(StrictJson json) {
        BatchWarmUp warmUp = new BatchWarmUp(json);
        return arguments -> warmUp.run();
    }

    /** Before the process calls itself ready. */
    @Bean
    ApplicationRunner purgeWarmUp(CoherentCache cache, StrictJson json) {
        PurgeWarmUp warmUp = new PurgeWarmUp(cache, json);
        return arguments -> warmUp.run();
    }

    @Bean
    BoundedBodies valueBodies(WebProperties web, CacheHttpProperties properties, MeterRegistry meters) {
        ByteBudget budget = new ByteBudget(properties.maxBytesInFlight().toBytes());
        Gauge.builder("sluice.cache.http.in.flight", budget, ByteBudget::used)
                .baseUnit("bytes")
                .description("Bytes of values between their arrival and their answer")
                .register(meters);
        return new BoundedBodies(
                budget,
                Math.toIntExact(web.maxBodySize().toBytes()),
                web.bodyTimeout(),
                "store larger values elsewhere and cache a link");
    }
}
