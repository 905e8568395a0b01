package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicePropertiesTest {

    private static final String PREFIX = "sluice.gateway.services";
    private static final PropertiesBinding<ServiceProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, ServiceProperties.class);

    @Test
    void hasDefaults() {
        ServiceProperties services = PROPERTIES.bind(Map.of());
        assertThat(services.baseOf(InternalService.CACHE)).isEqualTo("http://127.0.0.1:8081");
        assertThat(services.baseOf(InternalService.WEBHOOKS)).isEqualTo("http://127.0.0.1:8082");
        assertThat(services.baseOf(InternalService.METRICS)).isEqualTo("http://127.0.0.1:8083");
    }

    @Test
    void bindsEveryProperty() {
        ServiceProperties services = PROPERTIES.bind(Map.of(
                PREFIX + ".cache", "https://cache:1/",
                PREFIX + ".webhooks", "http://[::1]:2",
                PREFIX + ".metrics", "http://metrics"));
        assertThat(services.baseOf(InternalService.CACHE)).isEqualTo("https://cache:1");
        assertThat(services.baseOf(InternalService.WEBHOOKS)).isEqualTo("http://[::1]:2");
        assertThat(services.baseOf(InternalService.METRICS)).isEqualTo("http://metrics");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache:8081",
                "/cache",
                "ftp://cache",
                "http://user:secret@cache",
                "http://cache/path",
                "http://cache?a=b",
                "http://cache#a"
            })
    void refusesWhatIsNoBaseUrlByName(String value) {
        PROPERTIES.assertRefuses("cache", value);
    }
}
