package dev.sluice.gateway.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the routes that a gateway starts with from a file in YAML. */
final class RouteFile {

    private static final String ROUTES = "routes";

    private RouteFile() {}

    /**
     * The routes of a file, by id. Refuses a file with faults, naming all of them.
     *
     * @param variables those of the environment; null for one that is not set
     */
    static Map<String, Route> read(Path file, Function<String, @Nullable String> variables) {
        try {
            return parse(Files.readString(file), variables);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the file of routes cannot be read; see sluice.gateway.routes.file: " + file, e);
        }
    }

    /** The routes of a document, by id. */
    static Map<String, Route> parse(String yaml, Function<String, @Nullable String> variables) {
        EnvironmentReferences references = new EnvironmentReferences(variables);
        List<String> faults = new ArrayList<>();
        Map<String, Route> routes = new LinkedHashMap<>();
        RouteClaims claims = new RouteClaims();
        List<?> documents = documents(yaml);
        for (int i = 0; i < documents.size(); i++) {
            String path = ROUTES + "[" + i + "].";
            RouteReader.Reading reading =
                    RouteReader.readWithId(references.resolve(documents.get(i)), Spelling.KEBAB_CASE);
            references.takeFaults().forEach(fault -> faults.add(path + fault));
            reading.faults().forEach(fault -> faults.add(path + fault));
            Route route = reading.route();
            if (routes.putIfAbsent(route.id(), route) != null) {
                faults.add(path + "id is taken by another route: " + route.id());
            } else if (reading.faults().isEmpty()) {
                claims.add(route).ifPresent(fault -> faults.add(path + fault));
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the file of routes has faults:\n- " + String.join("\n- ", faults));
        }
        return routes;
    }

    private static List<?> documents(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object document;
        try {
            document = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the file of routes is not valid YAML: " + e.getMessage(), e);
        }
        return routesOf(document);
    }

    private static List<?> routesOf(@Nullable Object document) {
        if (document instanceof Map<?, ?> map && map.size() == 1 && map.get(ROUTES) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("the file of routes must be a map with nothing but the list " + ROUTES);
    }
}
