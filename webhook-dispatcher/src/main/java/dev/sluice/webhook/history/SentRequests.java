package dev.sluice.webhook.history;

import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.delivery.Sender;
import dev.sluice.webhook.egress.Snippet;
import java.time.Instant;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What deliveries were sent with. It stands in no log of attempts: the body is the same on each of them and on the log already, and headers
 * follow from it, the time of the attempt and the endpoint.
 */
final class SentRequests {

    private static final int MAX_CHARACTERS = 2_048;

    private final Deliveries deliveries;
    private final Originals originals;
    private final Sender sender;

    SentRequests(Deliveries deliveries, Originals originals, Sender sender) {
        this.deliveries = deliveries;
        this.originals = originals;
        this.sender = sender;
    }

    /**
     * The request of an attempt.
     *
     * @param attempt its number; 0 before the first, then without what each attempt has of its own
     * @param url as the endpoint has it now
     * @param headers without values that may be credentials; signed by the secrets of then that the endpoint still has
     * @param body its beginning
     * @param bodyBytes of the whole of it
     */
    record SentRequest(
            int attempt, String url, Map<String, String> headers, String body, boolean bodyTruncated, int bodyBytes) {}

    /** Of the last attempt; empty when the delivery is no longer on the log. */
    Mono<SentRequest> last(String tenant, String endpointId, Delivery delivery) {
        WebhookEndpoint endpoint = deliveries.endpoint(tenant, endpointId);
        return originals.find(tenant, endpointId, delivery).map(original -> of(delivery, original, endpoint));
    }

    private SentRequest of(Delivery delivery, WebhookDelivery original, WebhookEndpoint endpoint) {
        Position last = delivery.attempts().isEmpty()
                ? delivery.position()
                : delivery.attempts().getFirst().position();
        Snippet body = Snippet.of(original.getBody(), MAX_CHARACTERS);
        return new SentRequest(
                last.number(),
                endpoint.getUrl(),
                headers(original, endpoint, last.number(), last.at()),
                body.text(),
                body.truncated(),
                original.getBody().remaining());
    }

    private Map<String, String> headers(WebhookDelivery original, WebhookEndpoint endpoint, int attempt, Instant at) {
        if (attempt == 0) {
            return sender.headers(original, endpoint);
        }
        WebhookDelivery then =
                WebhookDelivery.newBuilder(original).setAttempt(attempt - 1).build();
        return sender.headersThen(then, endpoint, at);
    }
}
