package dev.sluice.starter.node;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The application's settings as its node sees them: the same, with other defaults. */
public final class NodeEnvironment {

    private static final List<String> REDIS_PLACES = List.of(
            "spring.data.redis.url",
            "spring.data.redis.host",
            "spring.data.redis.cluster.nodes",
            "spring.data.redis.sentinel.nodes",
            "spring.data.redis.masterreplica.nodes");

    /** An application makes no topics of the platform; and nobody waits long for Redis, as in cache-service. */
    private static final Map<String, Object> DEFAULTS = Map.of(
            "sluice.kafka.provision", "false",
            "spring.data.redis.timeout", "${sluice.cache.level.second-level-timeout:250ms}",
            "spring.data.redis.connect-timeout", "250ms");

    private NodeEnvironment() {}

    /** Whether a property says where Redis is; Boot's default of a Redis on this machine does not count. */
    public static boolean hasRedis(ConfigurableEnvironment environment) {
        return REDIS_PLACES.stream().anyMatch(place -> hasTexts(environment, place));
    }

    /** Whether a property says where Kafka is. */
    public static boolean hasKafka(ConfigurableEnvironment environment) {
        return hasTexts(environment, "spring.kafka.bootstrap-servers");
    }

    private static boolean hasTexts(ConfigurableEnvironment environment, String name) {
        return Binder.get(environment)
                .bind(name, Bindable.listOf(String.class))
                .map(texts -> !texts.isEmpty())
                .orElse(false);
    }

    /** A copy, so that the application's own stays as it is. */
    static ConfigurableEnvironment of(ConfigurableEnvironment application) {
        ConfigurableEnvironment own = new Bare();
        MutablePropertySources sources = own.getPropertySources();
        for (PropertySource<?> source : application.getPropertySources()) {
            if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
                sources.addLast(source);
            }
        }
        sources.addLast(new MapPropertySource("sluice-cache-node", DEFAULTS));
        own.setActiveProfiles(application.getActiveProfiles());
        ConfigurationPropertySources.attach(own);
        return own;
    }

    /** The process's own variables come with the application's sources, in their place. */
    private static final class Bare extends StandardEnvironment {
        @Override
        protected void customizePropertySources(MutablePropertySources sources) {}
    }
}
