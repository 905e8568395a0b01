package dev.sluice.gateway.eventtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.PropertiesBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventTypePropertiesTest {

    private static final String PREFIX = "sluice.gateway.event-types";
    private static final PropertiesBinding<EventTypeProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, EventTypeProperties.class);

    @Test
    void hasUsableDefaults() {
        assertThat(PROPERTIES.bind(Map.of())).isEqualTo(new EventTypeProperties(List.of(), 1_000));
        assertThat(PROPERTIES.bind(Map.of()).isStrict("acme")).isFalse();
    }

    @Test
    void takesEveryProperty() {
        EventTypeProperties properties =
                PROPERTIES.bind(Map.of(PREFIX + ".strict-tenants", "acme,*", PREFIX + ".max-versions", "7"));
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
}
