package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ExtraMethodsTest {

    @Test
    void takesMethodsThatUpstreamsKnow() {
        assertThat(bind("M-SEARCH,PROPFIND").extraMethods()).containsExactly("M-SEARCH", "PROPFIND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "get", "A B", "A\r\nB", "-A"})
    void refusesWhatIsNoneOrNeverLetIn(String method) {
        assertThatThrownBy(() -> bind(method)).rootCause().hasMessageContaining("sluice.web.extra-methods");
    }

    private static WebProperties bind(String methods) {
        return new Binder(new MapConfigurationPropertySource(Map.of("sluice.web.extra-methods", methods)))
                .bindOrCreate("sluice.web", WebProperties.class);
    }
}
