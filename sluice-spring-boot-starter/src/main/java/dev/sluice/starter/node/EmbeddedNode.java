package dev.sluice.starter.node;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * A node of the cache in a context of its own: its connections, clients and settings are not the application's, nor the
 * other way round. Starts without Redis and without Kafka, too.
 */
public final class EmbeddedNode implements AutoCloseable {

    /** All of the library cache-node. */
    private static final String WHOLE_NODE = "dev.sluice.cache";

    private static final String[] RECORDS_ALONE = {"dev.sluice.cache.event", "dev.sluice.cache.node"};

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final NodeMode mode;

    private EmbeddedNode(NodeMode mode) {
        this.mode = mode;
    }

    /**
     * Starts one; it connects by itself, whenever what it needs is there.
     *
     * @param ssl the application's bundles, for the connection to Redis
     */
    public static EmbeddedNode start(
            NodeMode mode, ConfigurableEnvironment application, MeterRegistry meters, @Nullable SslBundles ssl) {
        EmbeddedNode node = new EmbeddedNode(mode);
        try {
            node.refresh(application, meters, ssl);
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void refresh(ConfigurableEnvironment application, MeterRegistry meters, @Nullable SslBundles ssl) {
        context.setDisplayName("sluice-cache-node");
        context.setEnvironment(NodeEnvironment.of(application));
        // Singletons of the application: they end with it, and not with this context.
        context.getBeanFactory().registerSingleton("meters", meters);
        context.getBeanFactory().registerSingleton("clock", InstantSource.system());
        if (ssl != null) {
            context.getBeanFactory().registerSingleton("sslBundles", ssl);
        }
        switch (mode) {
            case COHERENT -> {
                context.register(DataRedisAutoConfiguration.class, PlatformKafkaAutoConfiguration.class);
                context.scan(WHOLE_NODE);
            }
            case SHARED -> context.register(DataRedisAutoConfiguration.class, SharedConfiguration.class);
            case RECORDED -> {
                context.register(PlatformKafkaAutoConfiguration.class, AloneConfiguration.class);
                context.scan(RECORDS_ALONE);
            }
            case ALONE -> context.register(AloneConfiguration.class);
        }
        context.refresh();
    }

    public NodeMode mode() {
        return mode;
    }

    /** Usable until this is closed. */
    public CacheStore store() {
        return mode == NodeMode.COHERENT
                ? new CoherentStore(context.getBean(CoherentCache.class))
                : new LocalStore(context.getBean(TwoLevelCache.class));
    }

    /** How coherence is; never down. Empty where there is none to keep. */
    public Optional<HealthIndicator> coherence() {
        return mode == NodeMode.COHERENT
                ? Optional.of(context.getBean("coherenceHealthIndicator", HealthIndicator.class))
                : Optional.empty();
    }

    /** Connects before the first request comes, for some seconds at most. */
    public void warmUp() {
        context.getBeansOfType(ApplicationRunner.class).values().forEach(EmbeddedNode::run);
    }

    private static void run(ApplicationRunner runner) {
        try {
            runner.run(new DefaultApplicationArguments());
        } catch (Exception e) {
            throw new IllegalStateException("the node of the cache could not be warmed up", e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
