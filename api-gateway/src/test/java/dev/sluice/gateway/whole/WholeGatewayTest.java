package dev.sluice.gateway.whole;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole gateway on a real broker and a real Redis, which nothing else uses. All classes with this annotation share one,
 * so each makes tenants and routes of its own, and leaves Redis running.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.show-details=always",
            "sluice.kafka.max-partitions=1",
            "sluice.internal.secret=an internal secret of enough bytes for tests",
            "sluice.gateway.api-key.bootstrap-admin=" + WholeGateway.ADMIN_KEY,
            "sluice.gateway.event-types.strict-tenants=strict",
            "sluice.gateway.session.max-per-user=3",
        })
@ContextConfiguration(initializers = WholeGateway.class)
@ExtendWith(WholeGateway.Readiness.class)
public @interface WholeGatewayTest {}
