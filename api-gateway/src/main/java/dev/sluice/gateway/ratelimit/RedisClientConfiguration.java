package dev.sluice.gateway.ratelimit;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the limits want of the client of Redis. */
@Configuration(proxyBeanMethods = false)
class RedisClientConfiguration {

    /** Without it, commands wait for the connection to come back, and are then all sent though nobody waits for them. */
    @Bean
    LettuceClientOptionsBuilderCustomizer failWhileDisconnected() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    /** The client's own pauses grow to half a minute: for so long a Redis that is back would not be found. */
    @Bean
    ClientResourcesBuilderCustomizer reconnectSoon() {
        return resources -> resources.reconnectDelay(
                Delay.exponential(Duration.ofMillis(10), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS));
    }

    @Bean
    RedisChannels redisChannels() {
        return new RedisChannels();
    }

    @Bean
    ClientResourcesBuilderCustomizer knowChannels(RedisChannels channels) {
        return resources -> resources.nettyCustomizer(channels);
    }
}
