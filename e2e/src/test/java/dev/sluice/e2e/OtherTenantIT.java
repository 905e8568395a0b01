package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.ApiDescription.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks for what another tenant has gets the answer to an id that nobody has, and changes nothing; to what is for
 * administrators, others get one answer whether it is there or not.
 */
class OtherTenantIT {

    private static final String JSON = "application/json";

    /** Of these nobody is the owner: each key may look at every tier. */
    private static final Set<String> FOR_ALL = Set.of("GET /api/v1/tiers/{name}");

    /** They say when, how long and which request it was, and what is left of a limit. */
    private static final Set<String> OF_THE_REQUEST = Set.of(
            "date",
            "x-request-id",
            "traceparent",
            "server-timing",
            "ratelimit",
            "ratelimit-policy",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "etag");

    private final Client admin = Platform.shared().client("admin");
    private final Tenant owner = Tenant.create();
    private final Tenant other = Tenant.create();
    private final List<Belonging> belongings = Belonging.allOf(owner, admin);

    @Test
    void anotherTenantsIdAnswersAsOneThatNobodyHas() {
        Map<String, String> before = owned();
        List<Operation> operations = operationsWithId();
        assertThat(operations).hasSizeGreaterThan(20);
        for (Operation operation : operations) {
            Belonging belonging = belongingOf(operation);
            Client.Answer known = ask(operation, belonging.pathFor(operation.path()));
            Client.Answer unknown = ask(operation, belonging.unknownPathFor(operation.path()));
            assertThat(comparable(known, belonging)).as(operation.toString()).isEqualTo(comparable(unknown, belonging));
            // Where the caller names what is made, one of that name is made for the caller.
            boolean makes = operation.toString().startsWith("PUT /api/v1/cache/");
            assertThat(known.status())
                    .as(operation + " " + known.text())
                    .isIn(makes ? List.of(201) : List.of(403, 404));
        }
        assertThat(owned()).isEqualTo(before);
    }

    @Test
    void aTokenAUserAndAKeyOfAnotherTenantAreLikeOnesThatNobodyHas() {
        Belonging session = belongings.stream()
                .filter(belonging -> belonging.template().startsWith("/api/v1/sessions"))
                .findFirst()
                .orElseThrow();
        String before = owned().toString();
        String token = session.secret();
        for (List<String> pair : List.of(
                List.of("POST /api/v1/sessions/introspect {\"token\":\"ID\"}", token, Belonging.unknownLike(token)),
                List.of("GET /api/v1/sessions?user=ID", Belonging.USER, "nobody"),
                List.of("DELETE /api/v1/sessions?user=ID", Belonging.USER, "nobody"),
                List.of("GET /api/v1/keys?tenant=ID", owner.id(), "nobody"),
                List.of("GET /api/v1/event-types?tenant=ID", owner.id(), "nobody"),
                List.of("POST /api/v1/limits/check {\"items\":[{\"tenant\":\"ID\"}]}", owner.id(), "nobody"),
                List.of(
                        "POST /api/v1/limits/check {\"items\":[{\"key\":\"ID\"}]}",
                        owner.keyId(),
                        Belonging.unknownLike(owner.keyId())))) {
            assertThat(comparable(send(pair.getFirst(), pair.get(1)), session))
                    .as(pair.getFirst())
                    .isEqualTo(comparable(send(pair.getFirst(), pair.get(2)), session));
        }
        assertThat(owned()).hasToString(before);
    }

    /** Those that store come last, after those that only look. */
    private static List<Operation> operationsWithId() {
        return ApiDescription.operations().stream()
                .filter(operation -> operation.path().contains("{") && !operation.isOpen())
                .filter(operation -> !FOR_ALL.contains(operation.toString()))
                .sorted(Comparator.comparing(operation -> operation.method().equals("PUT")))
                .toList();
    }

    private Belonging belongingOf(Operation operation) {
        return belongings.stream()
                .filter(belonging -> operation.path().startsWith(belonging.template()))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(operation + " has no case here: make a resource that it asks for"));
    }

    private Client.Answer ask(Operation operation, String path) {
        String body = belongingOf(operation).body(operation);
        String type = body.isEmpty() ? "" : operation.path().startsWith("/api/v1/cache/") ? "text/plain" : JSON;
        return other.client().send(operation.method(), path, type, body);
    }

    private Client.Answer send(String request, String id) {
        String[] parts = request.replace("ID", id).split(" ", 3);
        String body = parts.length > 2 ? parts[2] : "";
        return other.client().send(parts[0], parts[1], body.isEmpty() ? "" : JSON, body);
    }

    /** Status, headers and body without what names the request or what was asked for. */
    private static String comparable(Client.Answer answer, Belonging belonging) {
        Map<String, List<String>> headers = answer.response().headers().map().entrySet().stream()
                .filter(header -> !OF_THE_REQUEST.contains(header.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
        String body = answer.text().replaceAll("\"requestId\":\"[^\"]*\"", "");
        return Stream.concat(belonging.own().stream(), belonging.unknown().stream())
                .reduce(answer.status() + " " + headers + " " + body, (text, id) -> text.replace(id, "ID"));
    }

    /** What the owner or the administrator sees of each. */
    private Map<String, String> owned() {
        Map<String, String> seen = new TreeMap<>();
        for (Belonging belonging : belongings) {
            String path = belonging.pathFor(belonging.template());
            Client.Answer answer = belonging.owner().get(path);
            assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(200);
            seen.put(path, answer.text());
        }
        return seen;
    }
}
