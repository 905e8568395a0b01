package dev.sluice.gateway.ratelimit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** A client of its own, set up as the gateway's is. */
final class RedisClients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RedisChannels channels = new RedisChannels();
    private final ClientResources resources;
    private final LettuceConnectionFactory factory;
    private final ReactiveStringRedisTemplate template;

    RedisClients(String host, int port) {
        ClientOptions options = ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .build();
        resources = DefaultClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ofMillis(10), Duration.ofMillis(500), 2, MILLISECONDS))
                .nettyCustomizer(channels)
                .build();
        factory = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(host, port),
                LettuceClientConfiguration.builder()
                        .clientOptions(options)
                        .clientResources(resources)
                        .build());
        factory.afterPropertiesSet();
        factory.start();
        template = new ReactiveStringRedisTemplate(factory);
    }

    ReactiveStringRedisTemplate template() {
        return template;
    }

    RedisSharedLimits limits() {
        return new RedisSharedLimits(template, channels);
    }

    RedisChannels channels() {
        return channels;
    }

    /** Hears of connections that break. */
    void onLoss(Runnable listener) {
        RedisConnections.onLoss(factory, listener);
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
        factory.destroy();
        resources.shutdown(0, 100, MILLISECONDS).awaitUninterruptibly();
    }
}
