package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.sluice.e2e.Receiver.Mood;
import dev.sluice.e2e.Receiver.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a customer's endpoint gets can be verified with the published Standard Webhooks library. */
class WebhookSignatureIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Client client = Platform.shared().client("premium");
    private final Receiver receiver = new Receiver(Mood.REFUSES_FIRST);
    private final String type =
            "e2e.signed." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final Webhooks.Registered webhook = Webhooks.register(client, receiver.url(), type);

    @AfterEach
    void stop() {
        assertThat(client.answers(204, "DELETE", "/api/v1/webhooks/" + webhook.id(), ""))
                .isTrue();
        receiver.close();
    }

    @Test
    void everyAttemptVerifiesAndARetryKeepsItsId() throws WebhookVerificationException {
        List<Received> attempts = publishAndAwaitTwoAttempts("signed");
        Webhook verifier = new Webhook(webhook.secret());
        for (Received attempt : attempts) {
            verifier.verify(attempt.body(), attempt.headers());
        }
        assertThat(attempts)
                .extracting(Received::webhookId)
                .doesNotContain("")
                .containsOnly(attempts.getFirst().webhookId());
    }

    @Test
    void whatWasChangedOnTheWayDoesNotVerify() {
        Received attempt = publishAndAwaitTwoAttempts("changed").getFirst();
        Webhook verifier = new Webhook(webhook.secret());
        Map<String, List<String>> otherId = new HashMap<>(attempt.headers());
        otherId.put("webhook-id", List.of("msg_other"));
        assertThatThrownBy(() -> verifier.verify(attempt.body() + " ", attempt.headers()))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> verifier.verify(attempt.body(), otherId))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void theLibraryOfAnotherLanguageAgrees() throws IOException {
        Node.install("standardwebhooks-npm");
        Received attempt = publishAndAwaitTwoAttempts("npm").getLast();
        assertVerifies("verify.mjs", attempt, Map.of("secret", webhook.secret()));
    }

    @Test
    void otherLibrariesAgreeOnWhatIsSignedByAKeyThatIsPublic() throws IOException {
        Node.install("standardwebhooks-npm");
        Client.Answer both = client.send(
                "PATCH", "/api/v1/webhooks/" + webhook.id(), "application/json", "{\"signatureScheme\":\"both\"}");
        assertThat(both.status()).as(both.text()).isEqualTo(200);
        Received attempt = publishAndAwaitTwoAttempts("npm-v1a").getLast();
        assertVerifies("verify.mjs", attempt, Map.of("secret", webhook.secret()));
        assertVerifies(
                "verify-v1a.mjs",
                attempt,
                Map.of(
                        "publicKey",
                        both.json().path("publicKey").asString(),
                        "jwks",
                        client.get("/api/v1/webhook-keys/" + webhook.id()).json()));
    }

    private static void assertVerifies(String script, Received attempt, Map<String, Object> keys) throws IOException {
        Map<String, String> headers = new HashMap<>();
        attempt.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
        Map<String, Object> captured = new HashMap<>(keys);
        captured.put("headers", headers);
        captured.put("body", attempt.body());
        assertThat(Node.run(
                        "standardwebhooks-npm", script, JsonMapper.shared().writeValueAsString(captured), List.of()))
                .contains("ok")
                .doesNotContain("FAIL");
    }

    @Test
    void theWayOfAnEventIsOneTrace() {
        String trace = String.format("%016x%016x", ThreadLocalRandom.current().nextLong(), 7);
        Client.Answer answer = client.send(
                "POST",
                "/api/v1/events",
                "application/json",
                Webhooks.event(type, "traced").getBytes(StandardCharsets.UTF_8),
                Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> receiver.attempts("traced").size() >= 2);

        String path = "/api/v1/monitoring/traces/" + trace;
        JsonNode whole = await().atMost(PATIENCE)
                .until(
                        () -> client.get(path),
                        found -> found.status() == 200
                                && found.json().path("spans").size() == 4)
                .json();
        List<String> names = whole.path("spans").findValuesAsString("name");
        assertThat(names)
                .containsExactly("POST /api/v1/events", "webhook fan-out", "webhook attempt", "webhook attempt");
        List<String> spans = whole.path("spans").findValuesAsString("span_id");
        assertThat(whole.path("spans").findValuesAsString("parent_span_id"))
                .containsExactly("00f067aa0ba902b7", spans.get(0), spans.get(1), spans.get(1));
        assertThat(receiver.attempts("traced"))
                .flatExtracting(attempt -> attempt.headers().getOrDefault("traceparent", List.of()))
                .containsExactly(
                        "00-" + trace + "-" + spans.get(2) + "-01", "00-" + trace + "-" + spans.get(3) + "-01");
        assertThat(Platform.shared().client("admin").get(path).status()).isEqualTo(404);
    }

    @Test
    void theSecretIsToldOnlyOnce() {
        Client.Answer again = client.get("/api/v1/webhooks/" + webhook.id());
        assertThat(again.status()).isEqualTo(200);
        assertThat(webhook.secret()).startsWith("whsec_");
        assertThat(again.text())
                .doesNotContain(webhook.secret(), webhook.secret().substring("whsec_".length()));
    }

    private List<Received> publishAndAwaitTwoAttempts(String key) {
        Client.Answer answer = client.send("POST", "/api/v1/events", "application/json", Webhooks.event(type, key));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> receiver.attempts(key).size() >= 2);
        return receiver.attempts(key);
    }
}
