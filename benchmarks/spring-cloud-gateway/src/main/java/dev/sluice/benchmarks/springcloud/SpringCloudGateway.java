package dev.sluice.benchmarks.springcloud;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Mono;

/** One route with three limits by API key; each limit is one call of Redis, as its limiter has it. */
@SpringBootApplication
public class SpringCloudGateway {

    public static void main(String[] arguments) {
        SpringApplication.run(SpringCloudGateway.class, arguments);
    }

    /** The buckets of a key are told apart by the limit's name. */
    private static KeyResolver keyOf(String limit) {
        return exchange -> Mono.justOrEmpty(exchange.getRequest().getHeaders().getFirst("X-API-Key"))
                .map(key -> key + '.' + limit);
    }

    @Bean
    @Primary
    KeyResolver rate() {
        return keyOf("rate");
    }

    @Bean
    KeyResolver minute() {
        return keyOf("minute");
    }

    @Bean
    KeyResolver day() {
        return keyOf("day");
    }
}
