package dev.sluice.gateway.whole;

import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.PatientLimits;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** What the gateway of {@link WholeGatewayTest} runs on. Its broker and its Redis end after it, so it waits for neither. */
public final class WholeGateway implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    public static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public void initialize(ConfigurableApplicationContext gateway) {
        IsolatedKafka kafka = LocalKafka.newIsolated();
        IsolatedRedis redis = LocalRedis.newIsolated();
        PatientLimits.values()
                .and(
                        "spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "spring.data.redis.host=" + redis.host(),
                        "spring.data.redis.port=" + redis.port())
                .applyTo(gateway);
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) gateway.getBeanFactory();
        beans.registerSingleton("isolatedRedis", redis);
        // The first to be registered are the last to end.
        beans.registerDisposableBean("isolatedKafka", kafka::close);
        beans.registerDisposableBean("isolatedRedis", redis::close);
    }

    /** No test begins before all is read from the log, and Redis, which one before it may have stopped, is there again. */
    static final class Readiness implements BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext test) {
            ApplicationContext gateway = SpringExtension.getApplicationContext(test);
            int port = gateway.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            MeterRegistry meters = gateway.getBean(MeterRegistry.class);
            await("the gateway is there").atMost(PATIENCE).until(() -> answers(port) && isRedisThere(meters));
        }

        private static boolean answers(int port) throws IOException {
            for (String path : List.of("/api/v1/tenants", "/api/v1/routes", "/api/v1/event-types?tenant=nobody")) {
                if (!Wire.get(port, path, "Authorization: Bearer " + ADMIN_KEY).startsWith("HTTP/1.1 200")) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isRedisThere(MeterRegistry meters) {
            return meters.get("sluice.limit.redis.away").gauge().value() == 0;
        }
    }
}
