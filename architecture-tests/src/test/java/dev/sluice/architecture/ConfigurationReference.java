package dev.sluice.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.json.JsonParserFactory;

/** The text of docs/configuration.md, from what the compiler found in the records of properties and their javadoc. */
final class ConfigurationReference {

    static final String COMMAND = "mvn -q -pl architecture-tests -am test -Dtest=ConfigurationReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.write-docs=true";

    private static final String METADATA = "target/classes/META-INF/spring-configuration-metadata.json";
    private static final Pattern JAVADOC_TAG = Pattern.compile("\\{@\\w+ ([^}]*)}");
    private static final String HEAD = """
            # Configuration

            Every `sluice.*` property of every module, generated from the javadoc of its record; a test fails when this page says
            otherwise. After a change run

            ```
            %s
            ```

            A property is set in `application.yaml`, as a system property (`-Dsluice.kafka.queue-time=3s`) or as an environment
            variable without dashes (`SLUICE_KAFKA_QUEUETIME=3s`). A value that cannot be used ends the start with a sentence that
            names the property. Durations are written `500ms`, `5s`, `1m`, `24h` or `7d`; sizes `64KB` or `32MB`. Where Kafka and
            Redis are comes from Spring Boot's own `spring.kafka.bootstrap-servers`, `spring.data.redis.host` and their neighbours.
            The properties of the `platform-` modules hold in every service that has the module.
            """.formatted(COMMAND);

    private ConfigurationReference() {}

    static String render() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Path module : Modules.modules()) {
            List<Property> properties = properties(module);
            if (!properties.isEmpty()) {
                text.append("\n## ").append(module.getFileName()).append("\n\n");
                text.append("| property | type | default | what it is |\n|---|---|---|---|\n");
                properties.forEach(property -> text.append(property.row()));
            }
        }
        return text.toString();
    }

    /** Those of one module, by name; none when it has no metadata. */
    static List<Property> properties(Path module) {
        Path metadata = module.resolve(METADATA);
        if (!Files.exists(metadata)) {
            return List.of();
        }
        Map<String, Object> content = JsonParserFactory.getJsonParser().parseMap(Modules.read(metadata));
        return content.get("properties") instanceof List<?> found
                ? found.stream()
                        .map(property -> Property.of((Map<?, ?>) property))
                        // What Boot gives every endpoint of actuator, ours too, is in Boot's reference.
                        .filter(property -> !property.name().startsWith("management.endpoint."))
                        .sorted(Comparator.comparing(Property::name))
                        .toList()
                : List.of();
    }

    /** One property; what is not known is empty. */
    record Property(String name, String type, String defaultValue, String description) {

        static Property of(Map<?, ?> metadata) {
            return new Property(
                    text(metadata, "name"),
                    text(metadata, "type")
                            .replaceAll("\\b[a-z][a-z0-9]*\\.", "")
                            .replace('$', '.'),
                    text(metadata, "defaultValue"),
                    JAVADOC_TAG.matcher(text(metadata, "description")).replaceAll("`$1`"));
        }

        String row() {
            return "| `" + name + "` | `" + type + "` | " + (defaultValue.isEmpty() ? "" : "`" + defaultValue + "`")
                    + " | " + description.replace("|", "\\|") + " |\n";
        }

        private static String text(Map<?, ?> metadata, String name) {
            Object value = metadata.get(name);
            return value == null ? "" : value.toString().replaceAll("\\s+", " ");
        }
    }
}
