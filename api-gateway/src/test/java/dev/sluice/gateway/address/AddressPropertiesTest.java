package dev.sluice.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AddressPropertiesTest {

    private static final String PREFIX = "sluice.gateway";

    @Test
    void trustsNobodyByDefault() {
        assertThat(bind(Map.of())).isEqualTo(new AddressProperties(List.of()));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(bind(Map.of(PREFIX + ".trusted-proxies", "10.0.0.0/8,2001:db8::/32")))
                .isEqualTo(new AddressProperties(List.of("10.0.0.0/8", "2001:db8::/32")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/a", "::/129"})
    void refusesWhatIsNoAddressByName(String range) {
        assertThatThrownBy(() -> new AddressProperties(List.of("10.0.0.1", range)))
                .hasMessageContaining("sluice.gateway.trusted-proxies")
                .hasMessageContaining(range);
    }

    private static AddressProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(PREFIX, AddressProperties.class);
    }
}
