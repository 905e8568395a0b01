package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Properties as Spring binds them when a gateway starts.
 *
 * @param prefix of their names, without a dot at its end
 */
public record PropertiesBinding<T>(String prefix, Class<T> type) {

    /**
     * What values make of them.
     *
     * @param values by whole names
     */
    public T bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }

    /** A value that is refused by the whole name of its property. */
    public void assertRefuses(String name, String value) {
        String whole = prefix + "." + name;
        assertThatThrownBy(() -> bind(Map.of(whole, value))).rootCause().hasMessageContaining(whole);
    }
}
