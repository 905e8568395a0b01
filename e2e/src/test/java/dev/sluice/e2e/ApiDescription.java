package dev.sluice.e2e;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The operations in docs/openapi.yaml; a test of the gateway holds them against those that are answered. */
final class ApiDescription {

    private static final Path FILE = Path.of("..", "docs", "openapi.yaml");
    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete", "options");

    /**
     * One operation.
     *
     * @param path with its parameters in braces
     * @param isOpen whether it needs no key
     * @param query the names of its query parameters
     * @param mediaTypes what it takes as a body; none when it takes none
     * @param isBodyRequired whether it can do without
     * @param example a body that it takes, as JSON; nothing where the description has none
     * @param answers in what forms it answers when all is well; none when it answers without content
     */
    record Operation(
            String method,
            String path,
            boolean isOpen,
            List<String> query,
            List<String> mediaTypes,
            boolean isBodyRequired,
            String example,
            List<String> answers) {

        boolean takesJson() {
            return mediaTypes.contains("application/json");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private final Map<String, Object> document;

    private ApiDescription(Map<String, Object> document) {
        this.document = document;
    }

    static Operation find(String method, String path) {
        return operations().stream()
                .filter(operation ->
                        operation.method().equals(method) && operation.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    static List<Operation> operations() {
        ApiDescription description = new ApiDescription(load());
        Map<String, Object> paths = at(description.document, "paths");
        return paths.keySet().stream()
                .flatMap(path -> description.operationsOf(path, at(paths, path)))
                .toList();
    }

    private Stream<Operation> operationsOf(String path, Map<String, Object> item) {
        return item.keySet().stream().filter(METHODS::contains).map(method -> {
            Map<String, Object> operation = at(item, method);
            Map<String, Object> body = at(operation, "requestBody");
            Map<String, Object> content = at(body, "content");
            return new Operation(
                    method.toUpperCase(Locale.ROOT),
                    path,
                    List.of().equals(operation.get("security")),
                    queryOf(item, operation),
                    List.copyOf(content.keySet()),
                    Boolean.TRUE.equals(body.get("required")),
                    exampleOf(content),
                    answersOf(operation));
        });
    }

    private List<String> queryOf(Map<String, Object> item, Map<String, Object> operation) {
        return Stream.of(item, operation)
                .flatMap(one -> one.get("parameters") instanceof List<?> list ? list.stream() : Stream.of())
                .map(one -> resolve(map(one)))
                .filter(parameter -> "query".equals(parameter.get("in")))
                .map(parameter -> String.valueOf(parameter.get("name")))
                .toList();
    }

    private List<String> answersOf(Map<String, Object> operation) {
        Map<String, Object> responses = at(operation, "responses");
        return responses.keySet().stream()
                .filter(status -> status.startsWith("2"))
                .flatMap(status -> at(resolve(at(responses, status)), "content").keySet().stream())
                .distinct()
                .toList();
    }

    private Map<String, Object> resolve(Map<String, Object> parameter) {
        if (!(parameter.get("$ref") instanceof String reference)) {
            return parameter;
        }
        Map<String, Object> target = document;
        for (String name : reference.substring(2).split("/", -1)) {
            target = at(target, name);
        }
        return target;
    }

    private static String exampleOf(Map<String, Object> content) {
        return content.values().stream()
                .flatMap(media -> at(map(media), "examples").values().stream())
                .map(example -> JsonMapper.shared().writeValueAsString(at(map(example), "value")))
                .findFirst()
                .orElse("");
    }

    private static Map<String, Object> load() {
        try (Reader reader = Files.newBufferedReader(FILE)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object of that name; an empty one when there is none. */
    private static Map<String, Object> at(Map<String, Object> parent, String name) {
        return map(parent.getOrDefault(name, Map.of()));
    }

    @SuppressWarnings("unchecked") // Names in YAML objects are texts, as all of that file are.
    private static Map<String, Object> map(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
