package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.ApiDescription.Operation;
import java.nio.charset.StandardCharsets;
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

    private static final String NAMESPACE = "/api/v1/cache/namespaces/{namespace}/";

    /** Where the caller names what is made, one of that name is made for the caller. */
    private static final Set<String> MAKING = Set.of(
            "PUT /api/v1/cache/namespaces/{namespace}",
            "PUT " + NAMESPACE + "keys/{key}",
            "POST " + NAMESPACE + "batch/put",
            "POST " + NAMESPACE + "counters/{name}",
            "POST " + NAMESPACE + "locks/{name}");

    /** They answer for each thing that they are asked for. */
    private static final Set<String> FOR_EACH =
            Set.of("POST " + NAMESPACE + "batch/get", "POST " + NAMESPACE + "batch/delete");

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

    private static final String PROGRESS = "\"stage\".*";
    private static final String REMAINING = "\"remainingMillis\":[0-9]+";

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
            assertThat(statusOf(operation, known))
                    .as(operation + " " + known.text())
                    .isIn(MAKING.contains(operation.toString()) ? List.of(200, 201) : List.of(403, 404));
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

    @Test
    void aPurgeLeavesOtherTenantsAlone() {
        Map<String, String> before = owned();
        String namespace = belongings.stream()
                .filter(belonging -> belonging.template().endsWith("batch"))
                .findFirst()
                .orElseThrow()
                .own()
                .getFirst();
        for (String purged : List.of("e2e", namespace)) {
            String body = "{\"namespace\":\"" + purged + "\"}";
            assertThat(other.client()
                            .send("POST", "/api/v1/cache/purge", JSON, body)
                            .status())
                    .isEqualTo(202);
        }
        assertThat(owned()).isEqualTo(before);
    }

    @Test
    void aLeaseOfAnotherTenantIsNoLease() {
        String key = "/api/v1/cache/namespaces/e2e/keys/" + Tenants.newName();
        String lease = Belonging.lease(owner.client(), key);
        byte[] value = {1};
        Map<String, String> headers = Map.of("Cache-Lease", lease);
        assertThat(other.client()
                        .send("DELETE", key + "/lease", "", new byte[0], headers)
                        .status())
                .isEqualTo(404);
        assertThat(other.client().send("PUT", key, "", value, headers).status()).isEqualTo(412);
        assertThat(owner.client().send("PUT", key, "", value, headers).status()).isEqualTo(201);
    }

    /** Those that store come last, after those that only look. */
    private static List<Operation> operationsWithId() {
        return ApiDescription.operations().stream()
                .filter(operation -> operation.path().contains("{") && !operation.isOpen())
                .filter(operation -> !FOR_ALL.contains(operation.toString()))
                .sorted(Comparator.comparing(operation -> MAKING.contains(operation.toString())))
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
        Belonging belonging = belongingOf(operation);
        byte[] body = belonging.body(operation).getBytes(StandardCharsets.UTF_8);
        String type = operation.mediaTypes().contains("*/*") ? "text/plain" : JSON;
        return other.client()
                .send(operation.method(), path, body.length == 0 ? "" : type, body, belonging.headers(operation));
    }

    private static int statusOf(Operation operation, Client.Answer answer) {
        if (!FOR_EACH.contains(operation.toString())) {
            return answer.status();
        }
        assertThat(answer.status()).as(operation + " " + answer.text()).isEqualTo(200);
        return answer.json().path("items").path(0).path("status").asInt();
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
        String body = settled(answer.text());
        return Stream.concat(belonging.own().stream(), belonging.unknown().stream())
                .reduce(answer.status() + " " + headers + " " + body, (text, id) -> text.replace(id, "ID"));
    }

    /** What the owner or the administrator sees of each. */
    private Map<String, String> owned() {
        Map<String, String> seen = new TreeMap<>();
        for (Belonging belonging : belongings) {
            String path = belonging.shownAt();
            Client.Answer answer = belonging.owner().get(path);
            assertThat(answer.status()).as(path + " " + answer.text()).isEqualTo(200);
            seen.put(path, answer.text().replaceAll(REMAINING, "").replaceAll(PROGRESS, ""));
        }
        return seen;
    }

    /** What names the request or what it made, and the time left. */
    private static String settled(String body) {
        return body.replaceAll("\"requestId\":\"[^\"]*\"", "")
                .replaceAll("\"etag\":\"\\\\\"[0-9]+\\\\\"\"", "")
                .replaceAll("\"token\":[0-9]+", "")
                .replaceAll("\"(created|updated)At\":\"[^\"]*\"", "")
                .replaceAll(REMAINING, "");
    }
}
