package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** Registers webhooks and makes the events that they wait for. */
final class Webhooks {

    /** A registered webhook with the secret that is told only once. */
    record Registered(String id, String secret) {}

    private Webhooks() {}

    static Registered register(Client client, String url, String eventType) {
        String body = "{\"url\":\"%s\",\"eventTypes\":[\"%s\"]}".formatted(url, eventType);
        Client.Answer answer = client.send("POST", "/api/v1/webhooks", "application/json", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        JsonNode webhook = answer.json();
        return new Registered(
                webhook.path("id").asString(), webhook.path("secret").asString());
    }

    /** An event whose id and data carry the key. */
    static String event(String type, String key) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/e2e\",\"type\":\"%s\",\"data\":{\"key\":\"%s\"}}"
                .formatted(key, type, key);
    }
}
