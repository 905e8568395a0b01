package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.gateway.PropertiesBinding;
import dev.sluice.platform.kafka.seal.SealingKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutePropertiesTest {

    private static final PropertiesBinding<RouteProperties> PROPERTIES =
            new PropertiesBinding<>("sluice.gateway.routes", RouteProperties.class);

    private static final String INTERNAL = "an internal secret of enough bytes for tests";
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[SealingKey.BYTES]);

    @Test
    void withoutKeysOneIsMadeFromTheInternalSecret() {
        RouteProperties usual = PROPERTIES.bind(Map.of());
        assertThat(usual.fileIfGiven()).isEmpty();
        assertThat(usual.sealingKeys(INTERNAL)).containsOnlyKeys("internal").isEqualTo(usual.sealingKeys(INTERNAL));
        assertThat(usual.sealingKeys(INTERNAL)).isNotEqualTo(usual.sealingKeys(INTERNAL + "2"));
        assertThat(usual.sealingKeys(INTERNAL).values())
                .allSatisfy(key -> assertThat(key.getEncoded()).hasSize(SealingKey.BYTES));
    }

    @Test
    void mapsEveryProperty() {
        RouteProperties all = PROPERTIES.bind(Map.of(
                "sluice.gateway.routes.file", "/etc/routes.yaml",
                "sluice.gateway.routes.keys[0].id", "new",
                "sluice.gateway.routes.keys[0].key", KEY));
        assertThat(all.fileIfGiven()).contains("/etc/routes.yaml");
        assertThat(List.copyOf(all.sealingKeys(INTERNAL).keySet())).isEqualTo(List.of("new", "internal"));
        assertThat(all.toString()).doesNotContain(KEY);
    }

    @Test
    void refusesWhatIsNoKeyWithoutShowingIt() {
        RouteProperties wrong = new RouteProperties("", List.of(new SealingKey("new", "hunter2")));
        assertThatIllegalStateException()
                .isThrownBy(() -> wrong.sealingKeys(INTERNAL))
                .withMessageContaining("sluice.gateway.routes.keys")
                .withMessageNotContaining("hunter2");
        RouteProperties taken = new RouteProperties("", List.of(new SealingKey("internal", KEY)));
        assertThatIllegalStateException()
                .isThrownBy(() -> taken.sealingKeys(INTERNAL))
                .withMessage("sluice.gateway.routes.keys must not use the id internal");
    }
}
