package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class CacheHttpPropertiesTest {

    @Test
    void hasUsableDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new CacheHttpProperties(DataSize.ofMegabytes(16)));
    }

    @Test
    void takesWhatIsConfiguredAndRefusesWhatCannotBe() {
        assertThat(bind(Map.of("sluice.cache.http.max-bytes-in-flight", "2MB")).maxBytesInFlight())
                .isEqualTo(DataSize.ofMegabytes(2));
        assertThatThrownBy(() -> bind(Map.of("sluice.cache.http.max-bytes-in-flight", "0B")))
                .rootCause()
                .hasMessageContaining("sluice.cache.http.max-bytes-in-flight");
    }

    private static CacheHttpProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.cache.http", CacheHttpProperties.class);
    }
}
