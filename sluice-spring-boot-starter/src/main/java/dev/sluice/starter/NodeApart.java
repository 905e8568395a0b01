package dev.sluice.starter;

import dev.sluice.starter.node.NodeEnvironment;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Keeps out of the application what only its node is to have: the clients of the platform's topics, and a health of Redis
 * where no Redis is configured and its driver came with this starter.
 */
final class NodeApart implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String PLATFORM = "dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration";

    private static final Set<String> HEALTH_OF_REDIS = Set.of(
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration");

    private boolean redis;

    @Override
    public void setEnvironment(Environment environment) {
        redis = environment instanceof ConfigurableEnvironment configurable && NodeEnvironment.hasRedis(configurable);
    }

    @Override
    public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
        boolean[] kept = new boolean[classes.length];
        for (int i = 0; i < classes.length; i++) {
            String name = classes[i];
            kept[i] = !PLATFORM.equals(name) && (redis || name == null || !HEALTH_OF_REDIS.contains(name));
        }
        return kept;
    }
}
