package dev.sluice.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Lifetime;
import dev.sluice.starter.cache.CacheRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StarterPropertiesTest {

    @Test
    void hasUsableDefaults() {
        StarterProperties defaults = bind(Map.of());
        assertThat(defaults.enabled()).isTrue();
        assertThat(defaults.trustedPackages()).isEmpty();
        CacheRules rules = defaults.rulesOf("productsByName");
        assertThat(rules.tenant()).isEqualTo("local");
        assertThat(rules.namespace()).isEqualTo("products-by-name");
        assertThat(rules.lifetime()).isEqualTo(Lifetime.of(Duration.ofHours(1)));
        assertThat(rules.keepsNulls()).isTrue();
        assertThat(rules.maxBytes()).isEqualTo(1024 * 1024);
        assertThat(rules.loadPatience()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rules.writePatience()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void takesEverySetting() {
        StarterProperties set = bind(Map.ofEntries(
                Map.entry("enabled", "false"),
                Map.entry("redis", "false"),
                Map.entry("kafka", "false"),
                Map.entry("tenant", "acme"),
                Map.entry("namespace-prefix", "shop-"),
                Map.entry("ttl", "10m"),
                Map.entry("stale-while-revalidate", "1m"),
                Map.entry("stale-if-error", "2m"),
                Map.entry("idle", "3m"),
                Map.entry("null-values", "false"),
                Map.entry("max-value-size", "2KB"),
                Map.entry("load-patience", "5s"),
                Map.entry("write-patience", "1s"),
                Map.entry("trusted-packages", "com.acme"),
                Map.entry("user-header", "X-User"),
                Map.entry("caches.orders.namespace", "o"),
                Map.entry("caches.orders.ttl", "1s"),
                Map.entry("caches.orders.stale-while-revalidate", "2s"),
                Map.entry("caches.orders.stale-if-error", "3s"),
                Map.entry("caches.orders.idle", "4s"),
                Map.entry("caches.orders.null-values", "true")));
        assertThat(set.enabled() || set.redis() || set.kafka()).isFalse();
        assertThat(set.trustedPackages()).isEqualTo(List.of("com.acme"));
        assertThat(set.userHeader()).isEqualTo("X-User");
        assertThat(set.rulesOf("orders"))
                .isEqualTo(new CacheRules(
                        "acme",
                        "o",
                        new Lifetime(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4)),
                        true,
                        2048,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1)));
        CacheRules others = set.rulesOf("others");
        assertThat(others.namespace()).isEqualTo("shop-others");
        assertThat(others.lifetime())
                .isEqualTo(new Lifetime(
                        Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3)));
        assertThat(others.keepsNulls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ttl, 0s",
        "ttl, 31d",
        "stale-while-revalidate, -1s",
        "stale-if-error, 31d",
        "max-value-size, 0B",
        "max-value-size, 65MB",
        "load-patience, 0s",
        "write-patience, -1s",
        "tenant, a:b",
        "caches.a.ttl, 0s",
        "caches.a.stale-if-error, -1s"
    })
    void refusesWhatCannotBe(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of(name, value)))
                .rootCause()
                .hasMessageContaining("sluice.starter." + name.replace(".a.", ".*."));
    }

    private static StarterProperties bind(Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put("sluice.starter." + name, value));
        return new Binder(source).bindOrCreate("sluice.starter", StarterProperties.class);
    }
}
