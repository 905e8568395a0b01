package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.ApiDescription.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of docs/openapi.yaml is sent its own good request with one thing wrong in it. Each answer is a 4xx
 * problem that names what is wrong; afterwards all services are well and have logged no error.
 */
class BadInputEverywhereIT {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = new byte[0];

    private final Platform platform = Platform.shared();
    private final Client admin = platform.client("admin");
    private final List<String> wrong = new ArrayList<>();
    private final Logs logs = Logs.of(platform);

    @BeforeEach
    void forgetWhatWasLogged() throws IOException {
        logs.forget();
    }

    @AfterEach
    void allIsWell() throws IOException {
        assertThat(platform.isReady()).isTrue();
        assertThat(logs.errors()).isEmpty();
    }

    @Test
    void brokenJson() {
        for (Operation operation : takingJson()) {
            for (JsonFault fault : JsonFault.ALL) {
                if (fault.equals(JsonFault.EMPTY) && !operation.isBodyRequired()) {
                    continue;
                }
                Client.Answer answer = send(operation, "", typeOf(operation), fault.spoil(operation.example()));
                expect(operation + " " + fault.name(), answer, Set.of(400), fault.codes());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void fieldsOfAnotherType() {
        for (Operation operation : takingJson()) {
            JsonNode good = JsonMapper.shared().readTree(operation.example());
            good.propertyNames().stream()
                    // Of an event, these may be anything.
                    .filter(name -> !name.equals("data"))
                    .forEach(name -> {
                        ObjectNode bad = (ObjectNode) good.deepCopy();
                        bad.set(name, JsonMapper.shared().readTree("[[7]]"));
                        byte[] body = bad.toString().getBytes(StandardCharsets.UTF_8);
                        Client.Answer answer = send(operation, "", typeOf(operation), body);
                        expect(operation + " " + name, answer, Set.of(400, 422), Set.of());
                        if (!answer.text().contains(name)) {
                            wrong.add(operation + " does not name " + name + ": " + answer.text());
                        }
                    });
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void textsWithControlCharacters() {
        for (Operation operation : takingJson()) {
            for (String path : textsOf(JsonMapper.shared().readTree(operation.example()), "")) {
                for (String character : List.of("\u0000", "\u0007", "\u001b", "\u007f")) {
                    JsonNode bad = JsonMapper.shared().readTree(operation.example());
                    int name = path.lastIndexOf('/');
                    String text = bad.at(path).asString();
                    ((ObjectNode) bad.at(path.substring(0, name)))
                            .put(path.substring(name + 1), text + character + "a");
                    byte[] body = bad.toString().getBytes(StandardCharsets.UTF_8);
                    Client.Answer answer = send(operation, "", typeOf(operation), body);
                    expect(operation + " " + path, answer, Set.of(400, 404, 422), Set.of());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What is too long to be what it says is refused or, where nothing depends on it, left alone. */
    @Test
    void headersThatAreTooLong() {
        Operation event = ApiDescription.find("POST", "/api/v1/events");
        byte[] body = event.example().getBytes(StandardCharsets.UTF_8);
        for (String key : List.of("a".repeat(129), "a".repeat(4_000), "", "\"", "a\tb")) {
            Client.Answer answer = admin.send("POST", event.path(), JSON, body, Map.of("Idempotency-Key", key));
            expect(event + " Idempotency-Key " + key, answer, Set.of(400), Set.of("invalid_header"));
        }
        for (Operation operation : operations()) {
            if (Set.of("PUT", "PATCH", "DELETE").contains(operation.method())) {
                Client.Answer answer = admin.send(
                        operation.method(),
                        path(operation),
                        typeOf(operation),
                        operation.example().getBytes(StandardCharsets.UTF_8),
                        Map.of("If-Match", "\"" + "1".repeat(4_000) + "\""));
                note(operation + " If-Match", answer, answer.status() < 500);
            }
            Client.Answer answer = admin.send(
                    operation.method(),
                    path(operation) + "?nobodyKnowsThis=1",
                    typeOf(operation),
                    NOTHING,
                    Map.of("X-Request-Id", "r".repeat(2_000), "traceparent", "00-" + "a".repeat(2_000)));
            note(operation + " ids", answer, answer.header("X-Request-Id").matches("[0-9a-f]{32}"));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatNoSchemaRegistryTakes() {
        String subjects = "/schema-registry/subjects/";
        String subject = subjects + "sluice.events-value";
        for (JsonFault fault : JsonFault.ALL) {
            byte[] body = fault.spoil("{\"schema\":\"\\\"string\\\"\"}");
            for (String path : List.of(subject, subject + "/versions")) {
                Client.Answer answer =
                        admin.send("POST", path, "application/vnd.schemaregistry.v1+json", body, Map.of());
                noteRefusal(path + " " + fault.name(), answer);
            }
        }
        for (String id :
                List.of("a%2fb", "%00", "%2e%2e", "a;b", "%ff", "a".repeat(600), "%F0%9F%98%80", "-2", "1e3")) {
            for (String path : List.of(
                    subjects + id + "/versions", subject + "/versions/" + id, "/schema-registry/schemas/ids/" + id)) {
                noteRefusal(path, admin.get(path));
            }
        }
        byte[] large = ("{\"schema\":\"" + "a".repeat(1_100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        noteRefusal("large", admin.send("POST", subject, JSON, large, Map.of()));
        noteRefusal("packed", admin.send("POST", subject, JSON, large, Map.of("Content-Encoding", "gzip")));
        noteRefusal("method", admin.send("DELETE", subject, "", ""));
        assertThat(wrong).isEmpty();
    }

    private void noteRefusal(String request, Client.Answer answer) {
        boolean isProblem = answer.header("Content-Type").startsWith("application/problem+json");
        boolean isRefusal = answer.status() >= 400
                && answer.status() < 500
                && (isProblem || answer.json().path("error_code").isNumber())
                && Stream.of("Exception", "dev.sluice", "springframework").noneMatch(answer.text()::contains);
        note(request, answer, isRefusal);
    }

    /** Where texts stand in a document, as JSON pointers; those that may be anything left out. */
    private static List<String> textsOf(JsonNode node, String path) {
        return node.properties().stream()
                .filter(property ->
                        !Set.of("data", "attributes", "schema", "token").contains(property.getKey()))
                .flatMap(property -> {
                    String child = path + "/" + property.getKey();
                    return property.getValue().isString()
                            ? Stream.of(child)
                            : textsOf(property.getValue(), child).stream();
                })
                .toList();
    }

    @Test
    void bodiesInAnotherForm() {
        for (Operation operation : takingJson()) {
            byte[] body = operation.example().getBytes(StandardCharsets.UTF_8);
            for (String type : List.of("text/xml", "multipart/form-data; boundary=a", "nonsense", "")) {
                expect(operation + " as " + type, send(operation, "", type, body), Set.of(400, 415), Set.of());
            }
            byte[] wide = operation.example().getBytes(StandardCharsets.UTF_16);
            expect(operation + " UTF-16", send(operation, "", typeOf(operation), wide), Set.of(400), Set.of());
            Client.Answer packed = admin.send(
                    operation.method(), path(operation), typeOf(operation), body, Map.of("Content-Encoding", "gzip"));
            expect(operation + " gzip", packed, Set.of(415), Set.of());
            byte[] large = ("{\"x\":\"" + "a".repeat(1_100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
            expect(operation + " large", send(operation, "", typeOf(operation), large), Set.of(413), Set.of());
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void queriesThatAreNone() {
        for (Operation operation : operations()) {
            byte[] body = operation.example().getBytes(StandardCharsets.UTF_8);
            List<String> queries = new ArrayList<>(List.of("nobodyKnowsThis=1"));
            for (String name : operation.query()) {
                assertThat(BadValues.OF_QUERY)
                        .as(operation + " has a parameter with no case here")
                        .containsKey(name);
                BadValues.OF_QUERY.getOrDefault(name, List.of()).forEach(value -> queries.add(name + "=" + value));
            }
            for (String query : queries) {
                Client.Answer answer = send(operation, "?" + query, typeOf(operation), body);
                expect(operation + " " + query, answer, Set.of(400), Set.of("invalid_parameter", "invalid_field"));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void pathsThatMeanTwoThingsAndIdsThatAreNone() {
        for (Operation operation : operations()) {
            if (!operation.path().contains("{")) {
                continue;
            }
            for (String id : List.of("a%2fb", "a%5cb", "a%00b", "%2e%2e", "a;b=c", "%ff%fe", "%0d%0a", "%C0%AF", "")) {
                Client.Answer answer = ask(
                        operation,
                        operation.path().replaceFirst("\\{[^}]*}", id).replaceAll("\\{[^}]*}", "1"));
                expect(operation + " " + id, answer, Set.of(400), Set.of());
            }
            for (String id : List.of("a".repeat(600), "%F0%9F%98%80", "*", "%20")) {
                Client.Answer answer = ask(operation, operation.path().replaceAll("\\{[^}]*}", id));
                expect(operation + " " + id, answer, Set.of(400, 404), Set.of());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatEveryOperationRefuses() {
        Client nobody = new Client(admin.gateway(), "");
        String key = admin.key();
        for (Operation operation : operations()) {
            byte[] body = operation.example().getBytes(StandardCharsets.UTF_8);
            String path = path(operation);
            String type = typeOf(operation);
            String method = operation.method();
            expect(operation + " no key", nobody.send(method, path, type, body, Map.of()), Set.of(401), Set.of());
            expect(
                    operation + " two keys",
                    admin.send(method, path, type, body, Map.of("X-API-Key", key)),
                    Set.of(400),
                    Set.of("invalid_header"));
            expect(
                    operation + " key in the query",
                    admin.send(method, path + "?api_key=" + key, type, body, Map.of()),
                    Set.of(400),
                    Set.of("invalid_parameter"));
            expect(operation + " slash at the end", ask(operation, path + "/"), Set.of(400, 404), Set.of());
            expect(operation + " two slashes", ask(operation, "/" + path), Set.of(400), Set.of());
            expect(operation + " dots", ask(operation, "/api/../" + path), Set.of(400), Set.of());
            expect(operation + " PROPFIND", admin.send("PROPFIND", path, "", ""), Set.of(405), Set.of());
        }
        assertThat(wrong).isEmpty();
    }

    /** Refused before anything is done; an answer without content has no form. */
    @Test
    void answersAskedForInAnotherForm() {
        Operation entry = ApiDescription.find("PUT", "/api/v1/cache/namespaces/{namespace}/keys/{key}");
        assertThat(admin.send("PUT", path(entry), "text/plain", "a").status()).isIn(201, 204);
        for (Operation operation : ApiDescription.operations()) {
            for (String accept : List.of("image/png", ";;;", "a".repeat(1_000))) {
                Client.Answer answer = admin.send(
                        operation.method(), path(operation), typeOf(operation), NOTHING, Map.of("Accept", accept));
                String request = operation + " " + accept;
                if (answer.status() == 204) {
                    continue;
                }
                if (operation.answers().isEmpty()) {
                    expect(request, answer, Set.of(400, 404, 406), Set.of());
                } else if (operation.path().startsWith("/schema-registry")) {
                    note(request, answer, answer.status() == 406);
                } else {
                    expect(request, answer, Set.of(406), Set.of("not_acceptable"));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void answersInTheFormThatIsAskedForAmongOthers() {
        for (Operation operation : ApiDescription.operations()) {
            for (String form : operation.answers()) {
                Client.Answer answer = admin.send(
                        operation.method(),
                        path(operation) + "?nobodyKnowsThis=1",
                        typeOf(operation),
                        NOTHING,
                        Map.of("Accept", "image/png, " + form + ";q=0.5"));
                note(operation + " " + form, answer, answer.status() != 406);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static List<Operation> operations() {
        return ApiDescription.operations().stream()
                .filter(operation -> !operation.isOpen() && !operation.path().startsWith("/schema-registry"))
                .toList();
    }

    private static List<Operation> takingJson() {
        List<Operation> operations =
                operations().stream().filter(Operation::takesJson).toList();
        assertThat(operations)
                .allSatisfy(operation -> assertThat(operation.example())
                        .as(operation + " needs an example in docs/openapi.yaml")
                        .startsWith("{"));
        return operations;
    }

    private Client.Answer send(Operation operation, String query, String type, byte[] body) {
        return admin.send(operation.method(), path(operation) + query, type, body, Map.of());
    }

    private Client.Answer ask(Operation operation, String path) {
        return admin.send(
                operation.method(),
                path,
                typeOf(operation),
                operation.example().getBytes(StandardCharsets.UTF_8),
                Map.of());
    }

    private String path(Operation operation) {
        return operation
                .path()
                // Of an unknown key, the usage is not looked for, however it is asked for.
                .replace("/keys/{id}/usage", "/keys/" + admin.key().split("_", -1)[2] + "/usage")
                .replace("{version}", "1")
                .replace("{name}", "e2e.bad")
                .replaceAll("\\{[^}]*}", "e2e-bad");
    }

    private static String typeOf(Operation operation) {
        return Stream.of(JSON, "application/x-ndjson")
                .filter(operation.mediaTypes()::contains)
                .findFirst()
                .orElse(operation.mediaTypes().isEmpty() ? "" : "text/plain");
    }

    /** Notes an answer that is none of these; no codes are any. */
    private void expect(String request, Client.Answer answer, Set<Integer> statuses, Set<String> codes) {
        boolean isHead = answer.response().request().method().equals("HEAD");
        boolean isRight = statuses.contains(answer.status()) && (isHead || isProblem(answer, codes));
        note(request, answer, isRight);
    }

    private void note(String request, Client.Answer answer, boolean isRight) {
        if (!isRight) {
            wrong.add("%s: %d %s%n".formatted(request, answer.status(), answer.text()));
        }
    }

    private static boolean isProblem(Client.Answer answer, Set<String> codes) {
        if (!answer.header("Content-Type").startsWith("application/problem+json")) {
            return false;
        }
        JsonNode problem = answer.json();
        boolean namesField = answer.status() != 400 || problem.path("field").isString();
        return namesField
                && (codes.isEmpty() || codes.contains(problem.path("code").asString("")))
                && Stream.of("type", "title", "detail", "requestId")
                        .noneMatch(name -> problem.path(name).asString("").isBlank())
                && Stream.of("Exception", "dev.sluice", "springframework").noneMatch(answer.text()::contains);
    }
}
