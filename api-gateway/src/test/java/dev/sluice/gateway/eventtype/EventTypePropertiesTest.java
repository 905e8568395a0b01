package dev.sluice.gateway.eventtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EventTypePropertiesTest {

    private static final String PREFIX = "sluice.gateway.event-types";

    @Test
    void hasUsableDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new EventTypeProperties(List.of(), 1_000));
        assertThat(bind(Map.of()).isStrict("acme")).isFalse();
    }

    @Test
    void takesEveryProperty() {
        EventTypeProperties properties =
                bind(Map.of(PREFIX + ".strict-tenants", "acme,*", PREFIX + ".max-versions", "7"));
        assertThat(properties).isEqualTo(new EventTypeProperties(List.of("acme", "*"), 7));
        assertThat(properties.isStrict("other")).isTrue();
        assertThat(new EventTypeProperties(List.of("acme"), 7).isStrict("other"))
                .isFalse();
    }

    @Test
    void refusesToHoldNoVersions() {
        assertThatThrownBy(() -> new EventTypeProperties(List.of(), 0))
                .hasMessageContaining("sluice.gateway.event-types.max-versions");
    }

    private static EventTypeProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate(PREFIX, EventTypeProperties.class);
    }
}
