package dev.sluice.platform.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** The settings that every service shares, below everything that is configured. */
final class WebDefaults implements EnvironmentPostProcessor {

    /** One line with the fields of the event behind its message; a stack trace on lines of its own. */
    private static final String TEXT = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{36} : %message %kvp%n%ex";

    private static final String BUCKETS = "5ms,10ms,25ms,50ms,100ms,250ms,500ms,1s,2500ms,5s,10s,30s";

    /**
     * What the class path brings and nothing here uses. Their post-processors look at every method of every bean for
     * annotations that are not there: a tenth of what the gateway's main thread did at its start.
     */
    private static final List<String> UNUSED = List.of(
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration",
            "org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration",
            "org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration",
            "org.springframework.boot.data.autoconfigure.metrics.DataRepositoryMetricsAutoConfiguration");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("spring.main.web-application-type", "reactive");
        defaults.put("spring.main.banner-mode", "off");
        defaults.put("spring.autoconfigure.exclude", String.join(",", UNUSED));
        defaults.put("spring.webflux.multipart.enabled", "false");
        defaults.put("spring.jmx.enabled", "false");
        defaults.put("spring.data.redis.repositories.enabled", "false");
        defaults.put("server.shutdown", "graceful");
        defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "20s");
        defaults.put("server.address", "127.0.0.1");
        // Health and metrics are for the operator: a port of their own, on loopback.
        defaults.put("management.server.address", "127.0.0.1");
        defaults.put("management.endpoints.web.exposure.include", "health,info,prometheus");
        defaults.put("management.endpoint.health.show-details", "always");
        defaults.put("management.endpoint.health.probes.enabled", "true");
        defaults.put("management.endpoint.health.group.liveness.include", "livenessState");
        defaults.put("management.info.java.enabled", "true");
        // Buckets add up over instances; quantiles do not. Few of them: each is a series for each route and answer.
        defaults.put("management.metrics.distribution.slo.http.server.requests", BUCKETS);
        defaults.put("management.metrics.distribution.slo.sluice.webhook.attempt", BUCKETS);
        // Not compressed: that took more CPU than to write the lines, and of a busy gateway's access log it never ends.
        defaults.put("logging.logback.rollingpolicy.file-name-pattern", "${LOG_FILE}.%d{yyyy-MM-dd}.%i");
        defaults.put("logging.logback.rollingpolicy.max-file-size", "20MB");
        defaults.put("logging.logback.rollingpolicy.max-history", "7");
        defaults.put("logging.logback.rollingpolicy.total-size-cap", "200MB");
        // Kafka's clients print all their settings, and a line for each try while they wait; health says for what.
        defaults.put("logging.level.org.apache.kafka", "warn");
        defaults.put("logging.level.org.apache.kafka.clients.NetworkClient", "error");
        if ("text".equals(environment.getProperty("sluice.log.format"))) {
            defaults.put("logging.pattern.console", TEXT);
            defaults.put("logging.pattern.file", TEXT);
        } else {
            defaults.put("logging.structured.format.console", "ecs");
            defaults.put("logging.structured.format.file", "ecs");
        }
        environment.getPropertySources().addLast(new MapPropertySource("sluiceWebDefaults", defaults));
    }
}
