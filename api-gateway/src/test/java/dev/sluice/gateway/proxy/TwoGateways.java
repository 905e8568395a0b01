package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.responsecache.RemovalConfiguration;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RouteFixture;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two gateways with a Redis and a Kafka of their own, each with a clock that a test moves. */
final class TwoGateways implements AutoCloseable {

    final IsolatedKafka kafka = LocalKafka.newIsolated();
    final IsolatedRedis redis = LocalRedis.newIsolated();
    final Gateway one = new Gateway();
    final Gateway other = new Gateway();

    void set(Route route) {
        all().forEach(gateway -> gateway.context.getBean(RouteFixture.class).set(route));
    }

    /** What comes now comes after what was before. */
    void tick() {
        all().forEach(gateway -> {
            var _ = gateway.context.getBean(FakeClock.class).advance(Duration.ofMillis(1));
        });
    }

    private List<Gateway> all() {
        return List.of(one, other);
    }

    @Override
    public void close() {
        all().forEach(gateway -> gateway.context.close());
        kafka.close();
        redis.close();
    }

    /** The way to upstreams alone. */
    final class Gateway {

        private final ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        ProxySlice.class, CachedRouteSlice.class, RemovalConfiguration.class)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--management.endpoint.health.validate-group-membership=false",
                        "--sluice.internal.secret=0123456789abcdef0123456789abcdef",
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--spring.data.redis.host=" + redis.host(),
                        "--spring.data.redis.port=" + redis.port(),
                        // No answer of Redis is missed on a slow machine.
                        "--sluice.gateway.response-cache.read-timeout=5s");

        private final int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

        String get(String path) throws IOException {
            return Wire.get(port, path);
        }

        String send(String method, String path) throws IOException {
            return Wire.exchange(port, method, path);
        }

        /** How many removals the log has told it of. */
        double heard() {
            return context.getBean(MeterRegistry.class)
                    .get("sluice.responsecache.removals")
                    .tag("made", "elsewhere")
                    .counter()
                    .count();
        }
    }
}
