package dev.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.architecture.ConfigurationReference.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With {@code -Dsluice.write-docs=true} the page is written instead of compared. */
class ConfigurationReferenceTest {

    private static final Path PAGE =
            Path.of("../docs/configuration.md").toAbsolutePath().normalize();

    @Test
    void thePageSaysWhatTheServicesTake() throws IOException {
        String reference = ConfigurationReference.render();
        if (Boolean.getBoolean("sluice.write-docs")) {
            Files.writeString(PAGE, reference);
        }
        assertThat(PAGE)
                .as("docs/configuration.md is out of date; to write it anew run%n%s", ConfigurationReference.COMMAND)
                .hasContent(reference);
    }

    @Test
    void everyPropertyIsDescribed() {
        List<Property> properties = Modules.modules().stream()
                .flatMap(module -> ConfigurationReference.properties(module).stream())
                .toList();
        assertThat(properties).isNotEmpty();
        assertThat(properties).allSatisfy(property -> {
            assertThat(property.name()).startsWith("sluice.");
            assertThat(property.description())
                    .as("javadoc of %s", property.name())
                    .isNotBlank();
        });
    }
}
