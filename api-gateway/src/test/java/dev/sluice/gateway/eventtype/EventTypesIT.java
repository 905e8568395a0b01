package dev.sluice.gateway.eventtype;

import static dev.sluice.gateway.whole.WholeGateway.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.whole.WholeGatewayTest;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.AuditEntry;
import dev.sluice.schemas.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway on a real broker and a real Redis: the catalogue over HTTP, and events that are held against it. */
@WholeGatewayTest
class EventTypesIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ORDER = "{\"description\":\"An order.\",\"schema\":{\"type\":\"object\","
            + "\"required\":[\"total\"],\"properties\":{\"total\":{\"type\":\"number\"}}}}";

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private KafkaClients kafka;

    @Test
    void keepsTypesByTenantInVersions() throws Exception {
        String key = keyOf("kept");
        String path = "/api/v1/event-types/order.created?tenant=kept";
        HttpResponse<String> made = put(path, ORDER, "If-None-Match", "*");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/v1/event-types/order.created");
        String tag = made.headers().firstValue("ETag").orElseThrow();

        JsonNode seen = json(get(key, "/api/v1/event-types/order.created"));
        assertThat(seen.path("version").asInt()).isEqualTo(1);
        assertThat(seen.path("dataSchema").asString()).isEqualTo("urn:sluice:event-type:order.created:1");
        assertThat(json(get(key, "/api/v1/event-types")).path("data")).hasSize(1);
        assertThat(get(keyOf("other"), "/api/v1/event-types/order.created").statusCode())
                .isEqualTo(404);
        assertThat(get(keyOf("other"), "/api/v1/event-types/order.created?tenant=kept")
                        .statusCode())
                .isEqualTo(403);

        HttpResponse<String> narrower = put(path, ORDER.replace("number", "integer"), "If-Match", tag);
        assertThat(narrower.statusCode()).as(narrower.body()).isEqualTo(409);
        assertThat(json(narrower).path("errors").path(0).path("field").asString())
                .isEqualTo("/schema/properties/total/type");
        HttpResponse<String> wider = put(path, ORDER.replace("\"number\"", "[\"number\",\"null\"]"), "If-Match", tag);
        assertThat(json(wider).path("versions")).hasSize(2);
        assertThat(put(path, ORDER, "If-Match", tag).statusCode()).isEqualTo(412);
        assertThat(get(key, "/api/v1/event-types/order.created/versions/1").statusCode())
                .isEqualTo(200);
        assertThat(get(key, "/api/v1/event-types/order.created/versions/3").statusCode())
                .isEqualTo(404);

        HttpResponse<String> refused = send(request(key, "/api/v1/event-types/order.created")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(ORDER)));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(send(request(ADMIN_KEY, path).DELETE()).statusCode()).isEqualTo(204);
        assertThat(get(key, "/api/v1/event-types/order.created").statusCode()).isEqualTo(404);
        assertThat(audited("kept"))
                .contains(
                        "event-type.put event-type/order.created/1",
                        "event-type.put event-type/order.created/2",
                        "event-type.delete event-type/order.created");
    }

    @Test
    void refusesSchemasThatReachOutside() throws Exception {
        HttpResponse<String> refused = put(
                "/api/v1/event-types/a", "{\"schema\":{\"$ref\":\"http://169.254.169.254/\"}}", "If-None-Match", "*");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("field").asString()).isEqualTo("/schema/$ref");
    }

    @Test
    void holdsEventsAgainstTheSchemaOfTheirType() throws Exception {
        String key = keyOf("held");
        put("/api/v1/event-types/order.created?tenant=held", ORDER, "If-None-Match", "*");
        assertThat(publish(key, "application/json", event("{\"total\":1}")).statusCode())
                .isEqualTo(202);
        HttpResponse<String> refused = publish(key, "application/json", event("{\"total\":\"1\"}"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json(refused).path("code").asString()).isEqualTo("schema_violation");
        assertThat(json(refused).path("errors").path(0).path("field").asString())
                .isEqualTo("/data/total");

        HttpResponse<String> batch =
                publish(key, "application/json", "[" + event("{\"total\":1}") + "," + event("{}") + "]");
        assertThat(batch.statusCode()).as(batch.body()).isEqualTo(207);
        assertThat(json(batch).path("results").path(1).path("pointer").asString())
                .isEqualTo("/1/data");
        assertThat(json(batch).path("results").path(1).path("status").asInt()).isEqualTo(422);

        HttpResponse<String> binary = send(request(key, "/api/v1/events")
                .header("Content-Type", "text/plain")
                .header("ce-specversion", "1.0")
                .header("ce-type", "order.created")
                .POST(BodyPublishers.ofString("total: 1")));
        assertThat(binary.statusCode()).isEqualTo(422);
        String old = event("{\"total\":1}")
                .replace("\"data\"", "\"dataschema\":\"urn:sluice:event-type:order.created:2\",\"data\"");
        assertThat(json(publish(key, "application/json", old)).path("field").asString())
                .isEqualTo("dataschema");
        assertThat(publish(key, "application/json", old.replace("created:2", "created:1"))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void refusesUnknownTypesOfAStrictTenantAlone() throws Exception {
        assertThat(publish(keyOf("loose"), "application/json", event("{}")).statusCode())
                .isEqualTo(202);
        HttpResponse<String> refused = publish(keyOf("strict"), "application/json", event("{}"));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).path("code").asString()).isEqualTo("unknown_event_type");
    }

    private static String event(String data) {
        return "{\"specversion\":\"1.0\",\"type\":\"order.created\",\"data\":" + data + "}";
    }

    /** Puts the tenant and makes a key of it. */
    private String keyOf(String tenant) throws Exception {
        put("/api/v1/tenants/" + tenant, "{\"name\":\"T\",\"tier\":\"unlimited\"}", "Accept", "*/*");
        HttpResponse<String> made = send(request(ADMIN_KEY, "/api/v1/keys")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"tenant\":\"" + tenant
                        + "\",\"name\":\"test\",\"environment\":\"live\",\"scopes\":[\"events:write\"]}")));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return json(made).path("key").asString();
    }

    private HttpResponse<String> publish(String key, String type, String body) throws Exception {
        return send(request(key, "/api/v1/events").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String path, String body, String header, String value) throws Exception {
        return send(request(ADMIN_KEY, path)
                .header("Content-Type", "application/json")
                .header(header, value)
                .PUT(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String key, String path) throws Exception {
        return send(request(key, path).GET());
    }

    private HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private List<String> audited(String tenant) {
        List<String> found = new ArrayList<>();
        try (Consumer<String, AuditEntry> consumer = kafka.newConsumer(
                "event-types-it", null, RecordSerde.of(Topics.AUDIT).deserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(Topics.AUDIT.name(), 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long end = consumer.endOffsets(all).values().iterator().next();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.value().getTenant().equals(tenant)) {
                        found.add(record.value().getAction() + " "
                                + record.value().getResource());
                    }
                });
                return consumer.position(all.getFirst()) >= end;
            });
        }
        return found;
    }
}
