package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.WebhookClient;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SignedHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Signs a delivery with what its endpoint has at this moment and posts it. */
final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final WebhookClient client;
    private final SecretKeyring keyring;

    Sender(WebhookClient client, SecretKeyring keyring) {
        this.client = client;
        this.keyring = keyring;
    }

    /** One attempt; never fails, but says what came of it. */
    Mono<Answer> send(WebhookDelivery delivery, WebhookEndpoint endpoint, Instant now) {
        byte[] body = bytes(delivery.getBody());
        SignedHeaders signed;
        Map<String, String> own;
        try {
            own = keyring.openHeaders(endpoint);
            signed = SignedHeaders.sign(keyring.openAll(endpoint, now), delivery.getId(), now, body);
        } catch (UnopenableSecretException | IllegalArgumentException e) {
            LOG.error("cannot sign for endpoint {}: {}", endpoint.getId(), e.getMessage());
            return Mono.just(new Answer.Missing(Answer.Failure.UNSIGNABLE));
        }
        return client.post(
                endpoint.getUrl(), headers -> set(headers, delivery, own, signed), body, timeoutOf(endpoint));
    }

    private static void set(
            HttpHeaders headers, WebhookDelivery delivery, Map<String, String> own, SignedHeaders signed) {
        // The endpoint's own come first: what the dispatcher says replaces them, whatever the log holds.
        own.forEach(headers::set);
        headers.set(HttpHeaderNames.CONTENT_TYPE, delivery.getContentType());
        headers.set(SignedHeaders.ID, signed.id());
        headers.set(SignedHeaders.TIMESTAMP, signed.timestamp());
        headers.set(SignedHeaders.SIGNATURE, signed.signature());
        if (delivery.getTraceParent() != null) {
            headers.set("traceparent", delivery.getTraceParent());
        }
    }

    private static Optional<Duration> timeoutOf(WebhookEndpoint endpoint) {
        return Optional.ofNullable(endpoint.getTimeoutMillis()).map(Duration::ofMillis);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
