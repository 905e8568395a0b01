package dev.sluice.gateway.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.PropertiesBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPropertiesTest {

    private static final String PREFIX = "sluice.gateway";
    private static final PropertiesBinding<AddressProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, AddressProperties.class);

    @Test
    void trustsNobodyByDefault() {
        assertThat(PROPERTIES.bind(Map.of())).isEqualTo(new AddressProperties(List.of()));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(PREFIX + ".trusted-proxies", "10.0.0.0/8,2001:db8::/32")))
                .isEqualTo(new AddressProperties(List.of("10.0.0.0/8", "2001:db8::/32")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/a", "::/129"})
    void refusesWhatIsNoAddressByName(String range) {
        assertThatThrownBy(() -> new AddressProperties(List.of("10.0.0.1", range)))
                .hasMessageContaining("sluice.gateway.trusted-proxies")
                .hasMessageContaining(range);
    }
}
