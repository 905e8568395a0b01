package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.apikey.ApiKeyTables;
import dev.sluice.gateway.fleet.Fleet;
import dev.sluice.gateway.fleet.Fleets;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.Identity;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.server.WebFilter;

/** The limits and the tiers as the gateway wires them: over HTTP, with a real Redis and without Kafka. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.kafka.bootstrap-servers=127.0.0.1:1",
            "sluice.internal.secret=an internal secret of enough bytes for tests",
            "management.server.port=0",
            // Nobody looks after Redis but who hears of it otherwise.
            "sluice.gateway.ratelimit.breaker-pause=1h",
            // The gateway's readiness asks features that are not here.
            "management.endpoint.health.validate-group-membership=false",
        })
@DirtiesContext
class RateLimitIT {

    @AutoClose
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Autowired
    private GuardedLimits shared;

    @Autowired
    private ReturnWatch watch;

    @Value("${local.server.port}")
    private int port;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        registry.add("spring.data.redis.host", REDIS::host);
        registry.add("spring.data.redis.port", REDIS::port);
        PatientLimits.register(registry);
    }

    @Test
    void answers429WithEverythingACallerNeedsToKnow() {
        for (int i = 0; i < 10; i++) {
            get("hasty", "/api/v1/readings/1")
                    .expectStatus()
                    .isNotFound()
                    .expectHeader()
                    .valueMatches("RateLimit", "\"rate\";r=\\d+;t=1, \"readings-day\";r=" + (9 - i) + ";t=\\d+");
        }
        get("hasty", "/api/v1/readings/1")
                .expectStatus()
                .isEqualTo(HttpStatus.TOO_MANY_REQUESTS)
                .expectHeader()
                .valueMatches("Retry-After", "[1-9][0-9]*")
                .expectHeader()
                .valueEquals("RateLimit-Policy", "\"rate\";q=10;w=1;sluice-burst=20, \"readings-day\";q=10;w=86400")
                .expectBody()
                .jsonPath("$.violated-policies[0]")
                .isEqualTo("readings-day");
        get("hasty", "/api/v1/limits")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.limits[2].name")
                .isEqualTo("readings-day")
                .jsonPath("$.limits[2].used")
                .isEqualTo(10)
                .jsonPath("$.limits[2].remaining")
                .isEqualTo(0);
    }

    @Test
    void showsTheShippedTiersThoughKafkaIsAway() {
        get("curious", "/api/v1/tiers")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.data[*].name")
                .value(names -> assertThat(names.toString())
                        .isEqualTo("[\"anonymous\",\"basic\",\"free\",\"premium\",\"unlimited\"]"));
        get("curious", "/api/v1/tiers/free")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.limits[0].burst")
                .isEqualTo(20);
        get("curious", "/api/v1/tiers/gold")
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not_found");
    }

    @Test
    void neverFailsARequestBecauseRedisHangs() {
        for (int i = 0; i < 3; i++) {
            get("patient", "/api/v1/readings/1").expectStatus().isNotFound();
        }
        REDIS.pause();
        try {
            for (int i = 3; i < 10; i++) {
                get("patient", "/api/v1/readings/1").expectStatus().isNotFound();
            }
            get("patient", "/api/v1/readings/1").expectStatus().isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
        } finally {
            REDIS.resume();
        }
    }

    @Test
    void hearsAtOnceThatTheConnectionBroke() {
        get("connects", "/api/v1/readings/1").expectStatus().isNotFound();
        await().atMost(PATIENCE).until(() -> !shared.isAway());
        REDIS.kill();
        try {
            await().atMost(PATIENCE).until(shared::isAway);
        } finally {
            REDIS.start();
            await().atMost(PATIENCE).until(() -> {
                watch.look().onErrorComplete().block(PATIENCE);
                return !shared.isAway();
            });
        }
    }

    private ResponseSpec get(String tenant, String path) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(1))
                .build()
                .get()
                .uri(path)
                .header("Tenant", tenant)
                .exchange();
    }

    /** The features under test, behind a stand-in for authentication. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ComponentScan({
        "dev.sluice.gateway.tier",
        "dev.sluice.gateway.ratelimit",
        "dev.sluice.gateway.tenant",
        "dev.sluice.gateway.address",
        "dev.sluice.gateway.audit"
    })
    @ConfigurationPropertiesScan({"dev.sluice.gateway.ratelimit", "dev.sluice.gateway.address"})
    static class LimitedGateway {

        @Bean
        ApiKeyTable apiKeyTable() {
            return ApiKeyTables.seeded(FakeLogTable.unread());
        }

        @Bean
        Fleet fleet() {
            return Fleets.alone();
        }

        @Bean
        @Order(FilterOrder.AUTHENTICATION)
        WebFilter authentication() {
            return (exchange, chain) -> {
                String tenant = exchange.getRequest().getHeaders().getFirst("Tenant");
                if (tenant != null) {
                    new Identity(tenant, "key-1", "free", Set.of()).establish(exchange);
                }
                return chain.filter(exchange);
            };
        }
    }
}
