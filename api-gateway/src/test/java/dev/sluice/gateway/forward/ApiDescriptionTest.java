package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docs/openapi.yaml describes what the gateway answers: nothing is missing there, nothing is made up. */
class ApiDescriptionTest {

    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete", "options");

    private final Map<String, Object> document = load();

    @Test
    void everyRouteOfTheGatewayIsDescribed() {
        assertThat(described()).containsAll(mapped());
    }

    @Test
    void everyDescribedRouteIsAnsweredHereOrByAService() {
        InternalRoutes routes = InternalRoutes.ofPlatform();
        Set<String> mapped = mapped();
        assertThat(described()).allSatisfy(operation -> {
            String path = operation.substring(operation.indexOf(' ') + 1);
            assertThat(mapped.contains(operation) || routes.find(path).isPresent())
                    .as(operation)
                    .isTrue();
        });
    }

    @Test
    void everyInternalRouteLeadsToSomethingDescribed() {
        InternalRoutes routes = InternalRoutes.ofPlatform();
        assertThat(described().stream()
                        .map(operation -> routes.find(operation.substring(operation.indexOf(' ') + 1)))
                        .flatMap(Optional::stream)
                        .map(InternalRoute::service))
                .contains(InternalService.values());
    }

    @Test
    void everyOperationThatNeedsAKeyTellsHowItIsRefused() {
        forEachOperation((name, operation) -> {
            if (operation.containsKey("security") || name.startsWith("head ")) {
                return;
            }
            Map<String, Object> responses = at(operation, "responses");
            assertThat(responses.keySet()).as(name).contains("400", "401");
            assertThat(operation).as(name).containsKeys("summary", "description", "tags");
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collectReferences(document, references);
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            Object target = document;
            for (String name : reference.substring(2).split("/", -1)) {
                target = target instanceof Map<?, ?> map ? map.get(name) : null;
            }
            assertThat(target).as(reference).isNotNull();
        });
    }

    private interface OperationVisitor {
        void visit(String name, Map<String, Object> operation);
    }

    private void forEachOperation(OperationVisitor visitor) {
        Map<String, Object> paths = at(document, "paths");
        paths.keySet().forEach(path -> {
            Map<String, Object> item = at(paths, path);
            item.keySet().stream()
                    .filter(METHODS::contains)
                    .forEach(method -> visitor.visit(method + " " + path, at(item, method)));
        });
    }

    private Set<String> described() {
        Set<String> operations = new TreeSet<>();
        forEachOperation((name, operation) -> operations.add(name));
        return operations;
    }

    /** What the controllers answer, such as {@code get /api/v1/keys/{id}}; without those that refuse all there is not. */
    private static Set<String> mapped() {
        Mappings mappings = new Mappings();
        StaticApplicationContext context = new StaticApplicationContext();
        context.refresh();
        mappings.setApplicationContext(context);
        mappings.afterPropertiesSet();
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
        Set<String> operations = new TreeSet<>();
        scanner.findCandidateComponents("dev.sluice.gateway").forEach(candidate -> {
            Class<?> controller = ClassUtils.resolveClassName(
                    String.valueOf(candidate.getBeanClassName()), ApiDescriptionTest.class.getClassLoader());
            mappings.of(controller)
                    .forEach(info -> info.getPatternsCondition().getPatterns().stream()
                            .map(pattern -> pattern.getPatternString().replaceAll("\\{(\\w+):[^/]*}", "{$1}"))
                            .forEach(path -> info.getMethodsCondition()
                                    .getMethods()
                                    .forEach(method ->
                                            operations.add(method.name().toLowerCase(Locale.ROOT) + " " + path))));
        });
        return operations;
    }

    /** Reads annotations as the framework does, without starting anything. */
    private static final class Mappings extends RequestMappingHandlerMapping {
        Stream<RequestMappingInfo> of(Class<?> controller) {
            return Stream.of(controller.getDeclaredMethods())
                    .map(method -> Optional.ofNullable(getMappingForMethod(method, controller)))
                    .flatMap(Optional::stream);
        }
    }

    private static void collectReferences(Object node, List<String> references) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if ("$ref".equals(name)) {
                    references.add(String.valueOf(value));
                }
                collectReferences(value, references);
            });
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collectReferences(item, references));
        }
    }

    @SuppressWarnings("unchecked") // YAML mappings of this document have names.
    private static Map<String, Object> at(Map<String, Object> parent, String name) {
        Object child = parent.get(name);
        assertThat(child).as(name).isInstanceOf(Map.class);
        return (Map<String, Object>) Objects.requireNonNull(child);
    }

    private static Map<String, Object> load() {
        Path path = Stream.of(Path.of("../docs/openapi.yaml"), Path.of("docs/openapi.yaml"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/openapi.yaml is missing"));
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
