package dev.sluice.gateway.ratelimit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** A client of its own, set up as the gateway's is. */
final class RedisClients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RedisChannels channels;
    private final ReactiveStringRedisTemplate template;
    private final Runnable close;

    RedisClients(String host, int port) {
        channels = new RedisChannels();
        ClientOptions options = ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build();
        ClientResources resources = DefaultClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ofMillis(10), Duration.ofMillis(500), 2, MILLISECONDS))
                .nettyCustomizer(channels)
                .build();
        LettuceConnectionFactory factory = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(host, port),
                LettuceClientConfiguration.builder()
                        .clientOptions(options)
                        .clientResources(resources)
                        .build());
        factory.afterPropertiesSet();
        factory.start();
        template = new ReactiveStringRedisTemplate(factory);
        close = () -> {
            factory.destroy();
            resources.shutdown(0, 100, MILLISECONDS).awaitUninterruptibly();
        };
    }

    private RedisClients(ConfigurableApplicationContext context) {
        channels = context.getBean(RedisChannels.class);
        template = context.getBean(ReactiveStringRedisTemplate.class);
        close = context::close;
    }

    /** By the gateway's own configuration and these properties, as {@code name=value}. */
    static RedisClients configured(String... properties) {
        return new RedisClients(new SpringApplicationBuilder(
                        RedisClientConfiguration.class,
                        DataRedisAutoConfiguration.class,
                        DataRedisReactiveAutoConfiguration.class)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(Stream.concat(Stream.of("spring.main.web-application-type=none"), Arrays.stream(properties))
                        .map(property -> "--" + property)
                        .toArray(String[]::new)));
    }

    ReactiveStringRedisTemplate template() {
        return template;
    }

    RedisSharedLimits limits() {
        return limits(new LimitFloors(0, InstantSource.system(), new SimpleMeterRegistry()));
    }

    RedisSharedLimits limits(LimitFloors floors) {
        return new RedisSharedLimits(template, channels, floors);
    }

    RedisChannels channels() {
        return channels;
    }

    /** Hears of connections that break. */
    void onLoss(Runnable listener) {
        RedisConnections.onLoss(template.getConnectionFactory(), listener);
    }

    Map<String, String> fields(String key) {
        return Objects.requireNonNull(template.<String, String>opsForHash()
                .entries(key)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .block(PATIENCE));
    }

    Duration ttl(String key) {
        return Objects.requireNonNull(template.getExpire(key).block(PATIENCE));
    }

    void forgetScripts() {
        template.execute(connection -> connection.scriptingCommands().scriptFlush())
                .blockLast(PATIENCE);
    }

    /** Nothing is answered before it is on the disk. */
    void syncEveryWrite() {
        template.execute(connection -> connection.serverCommands().setConfig("appendfsync", "always"))
                .blockLast(PATIENCE);
    }

    /** Makes a key one that no hash command takes. */
    void spoil(String key) {
        template.opsForValue().set(key, "spoilt", PATIENCE).block(PATIENCE);
    }

    @Override
    public void close() {
        close.run();
    }
}
