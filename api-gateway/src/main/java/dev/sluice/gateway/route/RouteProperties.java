package dev.sluice.gateway.route;

import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The routes that a gateway starts with.
 *
 * @param file path of a YAML file with the list {@code routes}; none when empty
 */
@ConfigurationProperties("sluice.gateway.routes")
record RouteProperties(@DefaultValue("") String file) {

    Optional<String> fileIfGiven() {
        return file.isBlank() ? Optional.empty() : Optional.of(file);
    }
}
