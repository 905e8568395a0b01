package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.SealedSecret;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.TrustedRecords;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SignedHeaders;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What was sent, as it is shown later. */
class SignedRequestTest {

    static {
        TrustedRecords.load();
    }

    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant ROTATED = MADE.plus(Duration.ofDays(1));
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final Random random = new Random(1);
    private final SecretKeyring keyring =
            new SecretKeyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), random);
    private final SigningKey old = SymmetricKey.generate(random);
    private final SigningKey current = SymmetricKey.generate(random);

    @Test
    void isSignedAsItWasThen() {
        WebhookEndpoint rotated = endpoint(List.of(sealed(current, ROTATED), expiring(sealed(old, MADE))));

        assertThat(signature(rotated, ROTATED.minusSeconds(1))).isEqualTo(signed(ROTATED.minusSeconds(1), old));
        assertThat(signature(rotated, ROTATED)).isEqualTo(signed(ROTATED, current, old));
        Instant later = ROTATED.plus(Duration.ofDays(2));
        assertThat(signature(rotated, later)).isEqualTo(signed(later, current));
    }

    @Test
    void whatCannotBeSignedAsItWasIsShownUnsigned() {
        WebhookEndpoint rotated = endpoint(List.of(sealed(current, ROTATED)));

        assertThat(SignedRequest.endpointThen(rotated, MADE).getSecrets()).isEmpty();
        assertThat(SignedRequest.unsigned(delivery(), rotated).shown())
                .containsEntry("webhook-id", "msg_1")
                .containsEntry("X-Own", "***")
                .containsEntry("content-type", "application/json")
                .doesNotContainKeys(SignedHeaders.SIGNATURE, SignedHeaders.TIMESTAMP);
    }

    /** The API refuses such names; an older one, or somebody who writes to the log, may not have. */
    @Test
    void whatThePlatformSaysReplacesTheEndpointsOwnHeaders() {
        WebhookEndpoint endpoint = endpoint(List.of(sealed(current, MADE)));
        endpoint.setHeaders(
                Map.of("Webhook-Id", "msg_other", "webhook-signature", "v1,other", "Content-Type", "text/plain"));
        HttpHeaders headers = new DefaultHttpHeaders();
        SignedRequest.of(delivery(), endpoint, keyring.credentials(endpoint, MADE), MADE)
                .writeTo(headers);

        assertThat(headers.getAll(SignedHeaders.ID)).containsExactly("msg_1");
        assertThat(headers.getAll(SignedHeaders.SIGNATURE)).containsExactly(signed(MADE, current));
        assertThat(headers.getAll("content-type")).containsExactly("application/json");
        assertThat(headers.getAll("x-own")).containsExactly("hunter2");
    }

    private String signature(WebhookEndpoint endpoint, Instant at) {
        Map<String, String> shown = SignedRequest.of(
                        delivery(),
                        SignedRequest.endpointThen(endpoint, at),
                        keyring.credentials(SignedRequest.endpointThen(endpoint, at), at),
                        at)
                .shown();
        assertThat(shown).containsEntry("X-Own", "***");
        return String.valueOf(shown.get(SignedHeaders.SIGNATURE));
    }

    private static String signed(Instant at, SigningKey... keys) {
        return SignedHeaders.sign(List.of(keys), "msg_1", at, BODY).signature();
    }

    private SealedSecret sealed(SigningKey key, Instant at) {
        return keyring.seal(key, "acme", "ep_1", at);
    }

    private static SealedSecret expiring(SealedSecret secret) {
        secret.setExpiresAt(ROTATED.plus(Duration.ofDays(1)));
        return secret;
    }

    private WebhookEndpoint endpoint(List<SealedSecret> secrets) {
        return WebhookEndpoint.newBuilder()
                .setId("ep_1")
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setEventTypes(List.of())
                .setSecrets(secrets)
                .setSealedHeaders(Map.of("X-Own", keyring.sealHeader("X-Own", "hunter2", "acme", "ep_1")))
                .setCreatedAt(MADE)
                .setUpdatedAt(MADE)
                .build();
    }

    private static WebhookDelivery delivery() {
        return WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("acme")
                .setEndpointId("ep_1")
                .setEventId("evt-1")
                .setEventType("a")
                .setEventTime(MADE)
                .setContentType("application/json")
                .setBody(ByteBuffer.wrap(BODY))
                .setAttempt(0)
                .setDueAt(MADE)
                .setCreatedAt(MADE)
                .build();
    }
}
