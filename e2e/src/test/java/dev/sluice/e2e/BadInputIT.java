package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken input on every route gets a 4xx problem that says what is wrong and what to do. */
class BadInputIT {

    private static final String EVENTS = "/api/v1/events";
    private static final String WEBHOOKS = "/api/v1/webhooks";
    private static final String CACHE = "/api/v1/cache/namespaces/e2e/keys/";
    private static final String STATS = "/api/v1/cache/stats";
    private static final String KEYS = "/api/v1/keys";
    private static final String TENANTS = "/api/v1/tenants/e2e-tenant";
    private static final String JSON = "application/json";
    private static final String EVENT = "{\"specversion\":\"1.0\",\"type\":\"e2e.bad\",\"data\":{}}";

    /** A route that takes JSON, with the name of one of its fields. */
    private record Route(String method, String path, String field) {

        Stream<Arguments> with(String... bodies) {
            return Stream.of(bodies).map(body -> Arguments.of(method, path, body.replace("FIELD", field)));
        }
    }

    static Stream<Arguments> brokenBodies() {
        return Stream.of(
                        new Route("POST", EVENTS, "type"),
                        new Route("POST", WEBHOOKS, "url"),
                        new Route("POST", KEYS, "tenant"),
                        new Route("PUT", TENANTS, "tier"))
                .flatMap(route -> route.with(
                        "",
                        "{",
                        "null",
                        "[1]",
                        "{\"FIELD\":\"a\"} {}",
                        "{\"FIELD\":\"a\",\"FIELD\":\"b\"}",
                        "{\"FIELD\":7}",
                        "{\"FIELD\":{\"a\":1e999999}}",
                        "{\"nobody-knows-this-field\":true}",
                        "{\"FIELD\":\"\\ud800\"}",
                        "[".repeat(70) + "]".repeat(70)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("brokenBodies")
    void refusesBrokenJson(String method, String path, String body) {
        assertProblem(admin().send(method, path, JSON, body), 400);
    }

    /** An event has 256 KiB, a webhook less; keys have what any request has, 1 MiB. */
    @ParameterizedTest
    @CsvSource({EVENTS + ",400000", WEBHOOKS + ",400000", KEYS + ",1100000"})
    void refusesBodyThatIsTooLarge(String path, int size) {
        String body = "{\"type\":\"" + "a".repeat(size) + "\"}";
        assertProblem(admin().send("POST", path, JSON, body), 413);
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, WEBHOOKS, KEYS})
    void refusesContentTypeThatIsNotJson(String path) {
        assertProblem(admin().send("POST", path, "text/xml", "<a/>"), 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, WEBHOOKS, STATS, KEYS, "/api/v1/tiers", "/api/v1/limits"})
    void refusesWrongMethodAndSaysWhichAreRight(String path) {
        Client.Answer answer = admin().send("PATCH", path, JSON, "{}");
        assertProblem(answer, 405);
        assertThat(answer.header("Allow")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2fb", "a%00b", "a%5cb", "%2e%2e", "a;b=c", "%ff%fe", "a//b", "a%0d%0ab"})
    void refusesPathsThatMeanTwoThings(String key) {
        assertProblem(tenant().get(CACHE + key), 400);
        assertProblem(admin().get(WEBHOOKS + "/" + key), 400);
        assertProblem(admin().get(KEYS + "/" + key), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=0",
                "max-age=-1",
                "max-age=1.5",
                "max-age=99999999999999999999",
                "max-age=2592001",
                "max-age=abc"
            })
    void refusesTimeToLiveOutOfRange(String cacheControl) {
        Client.Answer answer = tenant().send(
                        "PUT", CACHE + "ttl", "text/plain", new byte[] {1}, Map.of("Cache-Control", cacheControl));
        assertProblem(answer, 400);
        assertThat(answer.text()).contains("max-age");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"window=abc", "window=PT0S", "window=P9D", "window=PT1H&window=PT2H", "windows=PT1H", "window="})
    void refusesWindowsThatAreNone(String query) {
        assertProblem(tenant().get(STATS + "?" + query), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slk_live_abc",
                "slk_live_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "not-a-key"
            })
    void refusesKeysThatAreNone(String key) {
        for (String path : new String[] {WEBHOOKS, CACHE + "a", STATS, KEYS, "/api/v1/limits"}) {
            Client.Answer answer = new Client(admin().gateway(), key).get(path);
            // All tests come from one address, and whoever presents many wrong keys is told to stop.
            assertProblem(answer, answer.status() == 429 ? 429 : 401);
            assertThat(answer.header(answer.status() == 429 ? "Retry-After" : "WWW-Authenticate"))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "http://example.com/",
                "https://user:secret@example.com/",
                "https://10.0.0.1/",
                "https://[::ffff:10.0.0.1]/",
                "https://169.254.169.254/latest",
                "https://2130706433/",
                "https://metadata.google.internal/",
                "https://example.com:22/",
                "//example.com",
                "nonsense"
            })
    void refusesWebhookUrlsThatLeadNowhereGood(String url) {
        Client.Answer answer =
                tenant().send("POST", WEBHOOKS, JSON, "{\"url\":\"" + url + "\",\"eventTypes\":[\"a.b\"]}");
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        assertThat(answer.json().path("field").asString("")
                        + answer.json().path("errors").toString())
                .contains("url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/v1/nothing-here", "GET /api/v2/events", "DELETE /api/v1/webhooks/ep_unknown"})
    void saysThatThereIsNothing(String request) {
        String[] parts = request.split(" ", -1);
        assertProblem(admin().send(parts[0], parts[1], "", ""), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST " + KEYS, "PUT " + TENANTS, "GET " + KEYS})
    void keepsAdministrationFromOrdinaryKeys(String request) {
        String[] parts = request.split(" ", -1);
        assertProblem(tenant().send(parts[0], parts[1], parts[0].equals("GET") ? "" : JSON, EVENT), 403);
    }

    private static Client admin() {
        return Platform.shared().client("admin");
    }

    private static Client tenant() {
        return Platform.shared().client("unlimited");
    }

    private static void assertProblem(Client.Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asString("")).isNotEmpty();
        assertThat(answer.json().path("detail").asString("")).isNotEmpty();
        assertThat(answer.json().path("requestId").asString("")).isNotEmpty();
        assertThat(answer.text()).doesNotContain("Exception", "dev.sluice", "springframework");
    }
}
