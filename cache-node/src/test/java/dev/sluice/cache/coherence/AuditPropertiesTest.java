package dev.sluice.cache.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.AuditSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AuditPropertiesTest {

    @Test
    void defaults() {
        assertThat(bind(Map.of()).settings()).isEqualTo(AuditSettings.defaults());
    }

    @Test
    void fullMapping() {
        assertThat(bind(Map.of("sluice.cache.audit.per-second", "7", "sluice.cache.audit.propagation", "500ms"))
                        .settings())
                .isEqualTo(new AuditSettings(7, Duration.ofMillis(500)));
    }

    @Test
    void refusesWhatNobodyCanDo() {
        assertThatThrownBy(() -> bind(Map.of("sluice.cache.audit.per-second", "1001")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("sluice.cache.audit.per-second");
        assertThatThrownBy(() -> bind(Map.of("sluice.cache.audit.propagation", "0s")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("sluice.cache.audit.propagation");
    }

    private static AuditProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("sluice.cache.audit", AuditProperties.class);
    }
}
