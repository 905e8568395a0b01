package dev.sluice.cache.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.platform.kafka.seal.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OriginPropertiesTest {

    private static final String SECRET = "an internal secret of enough bytes for tests";
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new OriginProperties(
                        List.of(), List.of(), Set.of(443, 8443), Set.of(), Duration.ofSeconds(2), 50));
    }

    @Test
    void everythingCanBeSet() {
        assertThat(bind(Map.of(
                        "sluice.cache.origin.keys[0].id", "a",
                        "sluice.cache.origin.keys[0].key", KEY,
                        "sluice.cache.origin.allow-cidrs", "127.0.0.0/8",
                        "sluice.cache.origin.allow-ports", "443",
                        "sluice.cache.origin.own-hosts", "sluice.example",
                        "sluice.cache.origin.connect-timeout", "1s",
                        "sluice.cache.origin.max-connections-per-host", "3")))
                .isEqualTo(new OriginProperties(
                        List.of(new SealingKey("a", KEY)),
                        List.of("127.0.0.0/8"),
                        Set.of(443),
                        Set.of("sluice.example"),
                        Duration.ofSeconds(1),
                        3));
    }

    @Test
    void theKeyThatIsMadeIsTheLast() {
        OriginProperties properties = new OriginProperties(
                List.of(new SealingKey("a", KEY)), List.of(), Set.of(443), Set.of(), Duration.ofSeconds(1), 1);
        assertThat(properties.sealingKeys(SECRET)).containsOnlyKeys("a", "internal");
        OriginProperties taken = new OriginProperties(
                List.of(new SealingKey("internal", KEY)), List.of(), Set.of(443), Set.of(), Duration.ofSeconds(1), 1);
        assertThatIllegalStateException().isThrownBy(() -> taken.sealingKeys(SECRET));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new OriginProperties(List.of(), List.of(), Set.of(), Set.of(), Duration.ofSeconds(1), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OriginProperties(List.of(), List.of(), Set.of(443), Set.of(), Duration.ZERO, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new OriginProperties(List.of(), List.of(), Set.of(443), Set.of(), Duration.ofSeconds(1), 0));
    }

    private static OriginProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.cache.origin", OriginProperties.class);
    }
}
