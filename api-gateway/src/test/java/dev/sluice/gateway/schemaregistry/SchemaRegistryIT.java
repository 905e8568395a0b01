package dev.sluice.gateway.schemaregistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.RegisteredSchema;
import dev.sluice.schemas.SchemaCatalogue;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The registry answers as Confluent's does, to anybody, so that foreign clients read our records unchanged. */
@SpringBootTest(
        classes = SchemaRegistryIT.Slice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef"
        })
class SchemaRegistryIT {

    private static final String TYPE = "application/vnd.schemaregistry.v1+json";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RegisteredSchema EVENT =
            SchemaCatalogue.shared().history("DomainEvent").getLast();

    @Value("${local.server.port}")
    private int port;

    /** The registry alone. */
    @EnableAutoConfiguration(excludeName = "dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration")
    @Import({SchemaRegistryConfiguration.class, SchemaRegistryController.class})
    static class Slice {}

    @Test
    void givesEverySchemaByItsId() {
        for (RegisteredSchema schema : SchemaCatalogue.shared().all()) {
            JsonNode answer = get("/schemas/ids/" + schema.id());
            assertThat(new Schema.Parser().parse(answer.path("schema").asString()))
                    .isEqualTo(schema.schema());
            assertThat(answer.has("schemaType")).as("Avro is the default").isFalse();
            assertThat(get("/schemas/ids/" + schema.id() + "/schema")).isEqualTo(JSON.readTree(schema.text()));
        }
        int max = SchemaCatalogue.shared().all().stream()
                .mapToInt(RegisteredSchema::id)
                .max()
                .orElseThrow();
        assertThat(get("/schemas/ids/1?fetchMaxId=true").path("maxId").asInt()).isEqualTo(max);
    }

    @Test
    void givesTheSubjectOfEveryTopic() {
        List<String> subjects =
                get("/subjects").valueStream().map(JsonNode::asString).toList();
        assertThat(subjects)
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(
                        Topics.all().stream().map(TopicDescriptor::subject).toList());
        assertThat(get("/subjects?subjectPrefix=sluice.cache.").size()).isEqualTo(5);
        assertThat(get("/subjects?deleted=true").size())
                .as("what is not known is ignored")
                .isEqualTo(subjects.size());
    }

    @Test
    void givesTheVersionsOfASubject() {
        assertThat(get("/subjects/sluice.events-value/versions")).hasToString("[1]");
        for (String version : new String[] {"1", "latest", "-1"}) {
            JsonNode answer = get("/subjects/sluice.events-value/versions/" + version);
            assertThat(answer.path("subject").asString()).isEqualTo("sluice.events-value");
            assertThat(answer.path("version").asInt()).isEqualTo(1);
            assertThat(answer.path("id").asInt()).isEqualTo(EVENT.id());
            assertThat(answer.path("schema").asString()).isEqualTo(EVENT.text());
            assertThat(get("/subjects/sluice.events-value/versions/" + version + "/schema"))
                    .isEqualTo(JSON.readTree(EVENT.text()));
        }
        assertThat(get("/subjects/sluice.events-value/versions/1/referencedby")).hasToString("[]");
    }

    @Test
    void saysWhereASchemaStands() {
        assertThat(get("/schemas/ids/" + EVENT.id() + "/subjects")).hasToString("[\"sluice.events-value\"]");
        JsonNode versions = get("/schemas/ids/" + EVENT.id() + "/versions");
        assertThat(versions.get(0).path("subject").asString()).isEqualTo("sluice.events-value");
        assertThat(versions.get(0).path("version").asInt()).isEqualTo(1);
        int delivery =
                SchemaCatalogue.shared().history("WebhookDelivery").getLast().id();
        assertThat(get("/schemas/ids/" + delivery + "/subjects").size()).isGreaterThan(1);
        assertThat(get("/schemas").size()).isGreaterThanOrEqualTo(Topics.all().size());
    }

    @Test
    void saysHowItIsSetUp() {
        assertThat(get("").size()).isZero();
        assertThat(get("/schemas/types")).hasToString("[\"AVRO\"]");
        assertThat(get("/config").path("compatibilityLevel").asString()).isEqualTo("FULL_TRANSITIVE");
        assertThat(get("/config/sluice.events-value?defaultToGlobal=true")
                        .path("compatibilityLevel")
                        .asString())
                .isEqualTo("FULL_TRANSITIVE");
        assertThat(get("/mode").path("mode").asString()).isEqualTo("READONLY");
        assertThat(get("/mode/sluice.events-value?defaultToGlobal=true")
                        .path("mode")
                        .asString())
                .isEqualTo("READONLY");
        assertThat(get("/contexts")).hasToString("[\".\"]");
        assertThat(get("/v1/metadata/id").path("id").asString()).isEqualTo("sluice");
    }

    @ParameterizedTest
    @CsvSource({
        "/schemas/ids/99999, 404, 40403",
        "/schemas/ids/0, 404, 40403",
        "/schemas/ids/99999/schema, 404, 40403",
        "/schemas/ids/99999/subjects, 404, 40403",
        "/schemas/ids/99999/versions, 404, 40403",
        "/schemas/ids/abc, 404, 404",
        "/schemas/ids/99999999999, 404, 404",
        "/subjects/unknown-value/versions, 404, 40401",
        "/subjects/unknown-value/versions/1, 404, 40401",
        "/subjects/sluice.events-value/versions/2, 404, 40402",
        "/subjects/sluice.events-value/versions/0, 422, 42202",
        "/subjects/sluice.events-value/versions/-2, 422, 42202",
        "/subjects/sluice.events-value/versions/x, 422, 42202",
        "/subjects/sluice.events-value/versions/99999999999, 422, 42202",
        "/config/unknown-value, 404, 40401",
        "/config/sluice.events-value, 404, 40408",
        "/mode/unknown-value, 404, 40401",
        "/mode/sluice.events-value, 404, 40409",
        "/nothing/here, 404, 404"
    })
    void refusesInTheRegistrysOwnTerms(String path, int status, int code) {
        assertError(exchange(HttpMethod.GET, path, null), status, code);
    }

    @Test
    void findsASchemaThatAProducerHas() {
        String indented = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(EVENT.text()));
        JsonNode found = json(exchange(HttpMethod.POST, "/subjects/sluice.events-value", lookup(indented)), 200);
        assertThat(found.path("id").asInt()).isEqualTo(EVENT.id());
        assertThat(found.path("version").asInt()).isEqualTo(1);
        JsonNode registered =
                json(exchange(HttpMethod.POST, "/subjects/sluice.events-value/versions", lookup(EVENT.text())), 200);
        assertThat(registered).hasToString("{\"id\":" + EVENT.id() + "}");
    }

    @Test
    void registersNothingNew() {
        String other = lookup("{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");
        assertError(exchange(HttpMethod.POST, "/subjects/sluice.events-value", other), 404, 40403);
        assertError(exchange(HttpMethod.POST, "/subjects/sluice.events-value/versions", other), 422, 42205);
        assertError(exchange(HttpMethod.POST, "/subjects/unknown-value", other), 404, 40401);
        assertError(exchange(HttpMethod.POST, "/subjects/unknown-value/versions", other), 422, 42205);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|400|400",
                "{|400|400",
                "[]|422|42201",
                "{}|422|42201",
                "{\"schema\":7}|422|42201",
                "{\"schema\":\"{\"}|422|42201",
                "{\"schema\":\"\"}|422|42201",
                "{\"schema\":\"NoSuchType\"}|422|42201",
                "{\"schema\":\"{}\"}|422|42201",
                "{\"schema\":\"\\\"string\\\"\"}|404|40403",
                "{\"schema\":\"string\"}|422|42201",
                "{\"schema\":\"message A {}\",\"schemaType\":\"PROTOBUF\"}|422|42201",
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"A\\\"}\"}|422|42201",
                "{\"schema\":\"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"A\\\",\\\"size\\\":-1}\"}|422|42201",
                "{\"schema\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"A\\\",\\\"symbols\\\":[1]}\"}|422|42201",
                "{\"schema\":\"{\\\"type\\\":[]}\"}|422|42201",
                "{\"schema\":\"{\\\"type\\\":\\\"array\\\"}\"}|422|42201"
            })
    void refusesSchemasThatAreNone(String body, int status, int code) {
        assertError(exchange(HttpMethod.POST, "/subjects/sluice.events-value", body), status, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT /config", "DELETE /subjects/sluice.events-value", "POST /schemas/ids/1", "PUT /mode"})
    void changesNothing(String request) {
        String[] parts = request.split(" ", -1);
        EntityExchangeResult<byte[]> answer = exchange(HttpMethod.valueOf(parts[0]), parts[1], "{}");
        assertError(answer, 405, 405);
        assertThat(answer.getResponseHeaders().getFirst("Allow")).isEqualTo("GET,HEAD");
    }

    @ParameterizedTest
    @CsvSource({"image/png, 406", ";;;, 406", "application/json, 200", "application/vnd.schemaregistry+json, 200"})
    void answersInTheFormsOfARegistryOnly(String accept, int status) {
        EntityExchangeResult<byte[]> answer = exchange(HttpMethod.GET, "/subjects", null, accept);
        if (status == 200) {
            assertThat(json(answer, 200).isArray()).isTrue();
        } else {
            assertError(answer, status, 406);
        }
    }

    private JsonNode get(String path) {
        return json(exchange(HttpMethod.GET, path, null), 200);
    }

    private EntityExchangeResult<byte[]> exchange(HttpMethod method, String path, @Nullable String body) {
        return exchange(method, path, body, TYPE + ", application/json");
    }

    private EntityExchangeResult<byte[]> exchange(
            HttpMethod method, String path, @Nullable String body, String accept) {
        WebTestClient.RequestBodySpec request = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .build()
                .method(method)
                .uri("/schema-registry" + path)
                .header("Accept", accept);
        if (body != null) {
            request.header("Content-Type", TYPE).bodyValue(body);
        }
        return request.exchange().expectBody().returnResult();
    }

    private static String lookup(String schema) {
        return JSON.writeValueAsString(Map.of("schema", schema));
    }

    private static void assertError(EntityExchangeResult<byte[]> answer, int status, int code) {
        JsonNode error = json(answer, status);
        assertThat(error.path("error_code").asInt()).isEqualTo(code);
        assertThat(error.path("message").asString()).isNotBlank().doesNotContain("Exception");
    }

    private static JsonNode json(EntityExchangeResult<byte[]> answer, int status) {
        byte[] body = answer.getResponseBody();
        String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
        assertThat(answer.getStatus().value()).as(text).isEqualTo(status);
        assertThat(answer.getResponseHeaders().getFirst("Content-Type")).isEqualTo(TYPE);
        return JSON.readTree(text);
    }
}
