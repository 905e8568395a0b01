package dev.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.architecture.ConfigurationReference.Property;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** docker-compose.yml is held against what the services take, and against the page that tells of its variables. */
class ComposeFileTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
    private static final Pattern LIST_INDEX = Pattern.compile("_\\d+(_.*)?$");

    /** A misspelt variable is no error anywhere: the property just keeps its default. */
    @ParameterizedTest
    @ValueSource(strings = {"api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator"})
    void theVariablesOfAServiceAreProperties(String service) {
        Set<String> known = Modules.modules().stream()
                .flatMap(module -> ConfigurationReference.properties(module).stream())
                .map(Property::name)
                .map(name -> name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertThat(environment(service).keySet().stream()
                        .filter(variable -> variable.startsWith("SLUICE_"))
                        .map(variable -> LIST_INDEX.matcher(variable).replaceFirst("")))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    /** What a service takes from the variables of others' tools, such as SENTRY_DSN, reaches its container. */
    @ParameterizedTest
    @ValueSource(strings = {"api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator"})
    void theVariablesThatAServiceAsksForArePassedOn(String service) {
        assertThat(environment(service).keySet()).containsAll(variables(settingsFile(service)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator"})
    void theManagementPortIsTheOneThatIsAskedForHealthAndMetrics(String service) {
        Map<?, ?> own = new Yaml().load(Modules.read(settingsFile(service)));
        String management = environment(service).get("MANAGEMENT_SERVER_PORT");
        assertThat(at(own, "management", "server", "port")).hasToString(management);
        assertThat(at(own, "server", "port")).hasToString(environment(service).get("SERVER_PORT"));
        assertThat(at(compose(), "services", service, "healthcheck", "test"))
                .isEqualTo(List.of("CMD", "ready", management));
        assertThat(Modules.read(ROOT.resolve("ops/prometheus/prometheus.yml")))
                .contains("targets: [\"" + service + ":" + management + "\"]");
    }

    @Test
    void everyVariableThatMayBeSetIsDescribed() {
        String page = Modules.read(ROOT.resolve("ops/docker/README.md"));
        assertThat(variables(ROOT.resolve("docker-compose.yml")))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(page).contains("`" + variable));
    }

    private static Set<String> variables(Path file) {
        return VARIABLE.matcher(Modules.read(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>();
        ((Map<?, ?>) at(compose(), "services", service, "environment"))
                .forEach((name, value) -> environment.put(name.toString(), value.toString()));
        return environment;
    }

    private static Map<?, ?> compose() {
        return new Yaml().load(Modules.read(ROOT.resolve("docker-compose.yml")));
    }

    private static Path settingsFile(String service) {
        return ROOT.resolve(service).resolve("src/main/resources/application.yaml");
    }

    private static Object at(Map<?, ?> document, String... path) {
        Object found = document;
        for (String step : path) {
            assertThat(found).as("what is above %s", step).isInstanceOf(Map.class);
            found = Objects.requireNonNull(((Map<?, ?>) found).get(step), step);
        }
        return found;
    }
}
