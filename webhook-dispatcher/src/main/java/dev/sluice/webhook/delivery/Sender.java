package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Probe;
import dev.sluice.webhook.egress.WebhookClient;
import dev.sluice.webhook.secret.Credentials;
import dev.sluice.webhook.secret.OpenCredentials;
import dev.sluice.webhook.secret.SecretKeyring;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Signs a delivery with what its endpoint has at this moment and posts it. */
public final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final WebhookClient client;
    private final SecretKeyring keyring;
    private final OpenCredentials opened;

    Sender(WebhookClient client, SecretKeyring keyring) {
        this.client = client;
        this.keyring = keyring;
        opened = new OpenCredentials(keyring);
    }

    /**
     * A delivery that was sent to be looked at.
     *
     * @param headers that were sent, without what may be a credential
     */
    public record Tried(Map<String, String> headers, Probe probe) {}

    /** One attempt; never fails, but says what came of it. */
    Mono<Probe> send(WebhookDelivery delivery, WebhookEndpoint endpoint, Instant now) {
        return signed(delivery, endpoint, opened::of, now)
                .map(request -> client.post(endpoint.getUrl(), request::writeTo, request.body(), timeoutOf(endpoint))
                        .map(request::masked))
                .orElseGet(() -> Mono.just(Probe.unsent(Answer.Failure.UNSIGNABLE)));
    }

    /**
     * The same over a connection of its own. Empty when nothing can sign it.
     *
     * @param longest for the whole attempt; the endpoint's own timeout when that is shorter
     */
    public Mono<Tried> trial(WebhookDelivery delivery, WebhookEndpoint endpoint, Instant now, Duration longest) {
        Duration timeout =
                timeoutOf(endpoint).filter(own -> own.compareTo(longest) < 0).orElse(longest);
        return Mono.justOrEmpty(signed(delivery, endpoint, keyring::credentials, now))
                .flatMap(request -> client.probe(endpoint.getUrl(), request::writeTo, request.body(), timeout)
                        .map(request::masked)
                        .map(probe -> new Tried(request.shown(), probe)));
    }

    /** The headers of an attempt at that time, without what may be a credential; of its signatures those that the endpoint has the keys of. */
    public Map<String, String> headersThen(WebhookDelivery delivery, WebhookEndpoint endpoint, Instant at) {
        WebhookEndpoint then = SignedRequest.endpointThen(endpoint, at);
        return (then.getSecrets().isEmpty()
                        ? Optional.<SignedRequest>empty()
                        : signed(delivery, then, keyring::credentials, at))
                .map(SignedRequest::shown)
                .orElseGet(() -> headers(delivery, endpoint));
    }

    /** The headers of a delivery that every attempt has, without what may be a credential. */
    public Map<String, String> headers(WebhookDelivery delivery, WebhookEndpoint endpoint) {
        return SignedRequest.unsigned(delivery, endpoint).shown();
    }

    private static Optional<SignedRequest> signed(
            WebhookDelivery delivery,
            WebhookEndpoint endpoint,
            BiFunction<WebhookEndpoint, Instant, Credentials> credentials,
            Instant now) {
        try {
            return Optional.of(SignedRequest.of(delivery, endpoint, credentials.apply(endpoint, now), now));
        } catch (UnopenableSecretException | IllegalArgumentException e) {
            LOG.error("cannot sign for endpoint {}: {}", endpoint.getId(), e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Duration> timeoutOf(WebhookEndpoint endpoint) {
        return Optional.ofNullable(endpoint.getTimeoutMillis()).map(Duration::ofMillis);
    }
}
