package dev.sluice.gateway.schemaregistry;

import dev.sluice.gateway.schemaregistry.RegistryViews.ClusterId;
import dev.sluice.gateway.schemaregistry.RegistryViews.Config;
import dev.sluice.gateway.schemaregistry.RegistryViews.Mode;
import dev.sluice.gateway.schemaregistry.RegistryViews.SchemaId;
import dev.sluice.gateway.schemaregistry.RegistryViews.SchemaText;
import dev.sluice.gateway.schemaregistry.RegistryViews.SchemaTextWithMaxId;
import dev.sluice.gateway.schemaregistry.RegistryViews.SchemaVersion;
import dev.sluice.gateway.schemaregistry.RegistryViews.Scope;
import dev.sluice.gateway.schemaregistry.RegistryViews.SubjectVersion;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The read side of the Confluent Schema Registry API: shapes, error codes and leniency are that API's, so that its
 * clients work unchanged. Unknown query parameters are therefore ignored here, and only here.
 */
@RestController
@RequestMapping(
        path = "/schema-registry",
        produces = {
            "application/vnd.schemaregistry.v1+json",
            "application/vnd.schemaregistry+json",
            MediaType.APPLICATION_JSON_VALUE
        })
final class SchemaRegistryController {

    static final MediaType REGISTRY_JSON = MediaType.parseMediaType("application/vnd.schemaregistry.v1+json");
    private static final String COMPATIBILITY = "FULL_TRANSITIVE";

    private final SchemaRegistry registry;
    private final LookupBody bodies;
    private final StrictJson json;

    SchemaRegistryController(SchemaRegistry registry, StrictJson json) {
        this.registry = registry;
        this.bodies = new LookupBody(json);
        this.json = json;
    }

    @GetMapping("")
    ResponseEntity<byte[]> root() {
        return answer(Map.of());
    }

    @GetMapping("/schemas")
    ResponseEntity<byte[]> schemas() {
        return answer(registry.all());
    }

    @GetMapping("/schemas/types")
    ResponseEntity<byte[]> types() {
        return answer(List.of("AVRO"));
    }

    @GetMapping("/schemas/ids/{id:[0-9]{1,9}}")
    ResponseEntity<byte[]> schema(@PathVariable int id, @RequestParam(defaultValue = "false") String fetchMaxId) {
        String text = registry.byId(id).text();
        return answer(
                fetchMaxId.equals("true") ? new SchemaTextWithMaxId(text, registry.maxId()) : new SchemaText(text));
    }

    @GetMapping("/schemas/ids/{id:[0-9]{1,9}}/schema")
    ResponseEntity<byte[]> schemaText(@PathVariable int id) {
        return answerText(registry.byId(id).text());
    }

    @GetMapping("/schemas/ids/{id:[0-9]{1,9}}/subjects")
    ResponseEntity<byte[]> subjectsOf(@PathVariable int id) {
        return answer(
                registry.placesOf(id).stream().map(SubjectVersion::subject).toList());
    }

    @GetMapping("/schemas/ids/{id:[0-9]{1,9}}/versions")
    ResponseEntity<byte[]> versionsOf(@PathVariable int id) {
        return answer(registry.placesOf(id));
    }

    @GetMapping("/subjects")
    ResponseEntity<byte[]> subjects(@RequestParam(defaultValue = "") String subjectPrefix) {
        return answer(registry.subjects().stream()
                .filter(subject -> subject.startsWith(subjectPrefix))
                .toList());
    }

    @GetMapping("/subjects/{subject}/versions")
    ResponseEntity<byte[]> versions(@PathVariable String subject) {
        return answer(registry.versions(subject));
    }

    @GetMapping("/subjects/{subject}/versions/{version}")
    ResponseEntity<byte[]> version(@PathVariable String subject, @PathVariable String version) {
        return answer(registry.version(subject, version));
    }

    @GetMapping("/subjects/{subject}/versions/{version}/schema")
    ResponseEntity<byte[]> versionText(@PathVariable String subject, @PathVariable String version) {
        return answerText(registry.version(subject, version).schema());
    }

    /** No schema of the platform refers to another: each is self-contained. */
    @GetMapping("/subjects/{subject}/versions/{version}/referencedby")
    ResponseEntity<byte[]> referencedBy(@PathVariable String subject, @PathVariable String version) {
        SchemaVersion ignored = registry.version(subject, version);
        return answer(List.of());
    }

    @PostMapping("/subjects/{subject}")
    ResponseEntity<byte[]> lookUp(@PathVariable String subject, @RequestBody(required = false) byte[] body) {
        return answer(registry.lookUp(subject, bodies.schemaText(body)));
    }

    /** Producers register before they write: what is committed has its id, anything else is refused. */
    @PostMapping("/subjects/{subject}/versions")
    ResponseEntity<byte[]> register(@PathVariable String subject, @RequestBody(required = false) byte[] body) {
        try {
            return answer(new SchemaId(
                    registry.lookUp(subject, bodies.schemaText(body)).id()));
        } catch (RegistryException e) {
            if (e.status() == 404) {
                throw RegistryException.readOnly(subject);
            }
            throw e;
        }
    }

    @GetMapping("/config")
    ResponseEntity<byte[]> config() {
        return answer(new Config(COMPATIBILITY));
    }

    @GetMapping("/config/{subject}")
    ResponseEntity<byte[]> config(
            @PathVariable String subject, @RequestParam(defaultValue = "false") String defaultToGlobal) {
        if (defaultToGlobal.equals("true")) {
            return config();
        }
        registry.requireKnown(subject);
        throw RegistryException.compatibilityNotFound(subject);
    }

    @GetMapping("/mode")
    ResponseEntity<byte[]> mode() {
        return answer(new Mode("READONLY"));
    }

    @GetMapping("/mode/{subject}")
    ResponseEntity<byte[]> mode(
            @PathVariable String subject, @RequestParam(defaultValue = "false") String defaultToGlobal) {
        if (defaultToGlobal.equals("true")) {
            return mode();
        }
        registry.requireKnown(subject);
        throw RegistryException.modeNotFound(subject);
    }

    @GetMapping("/contexts")
    ResponseEntity<byte[]> contexts() {
        return answer(List.of("."));
    }

    @GetMapping("/v1/metadata/id")
    ResponseEntity<byte[]> clusterId() {
        return answer(new ClusterId("sluice", new Scope(List.of())));
    }

    /** What the registry API knows and we do not have, in the registry's own error shape. */
    @RequestMapping("/**")
    ResponseEntity<byte[]> other(ServerHttpRequest request) {
        boolean read = HttpMethod.GET.equals(request.getMethod()) || HttpMethod.HEAD.equals(request.getMethod());
        throw read ? RegistryException.notFound() : RegistryException.methodNotAllowed();
    }

    private ResponseEntity<byte[]> answer(Object document) {
        return ResponseEntity.ok().contentType(REGISTRY_JSON).body(json.write(document));
    }

    private static ResponseEntity<byte[]> answerText(String schema) {
        return ResponseEntity.ok().contentType(REGISTRY_JSON).body(schema.getBytes(StandardCharsets.UTF_8));
    }
}
