package dev.sluice.webhook.delivery;

import dev.sluice.platform.web.TraceParent;
import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookPayloadFormat;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Probe;
import dev.sluice.webhook.egress.WebhookClient;
import dev.sluice.webhook.secret.Credentials;
import dev.sluice.webhook.signing.SignedHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What one attempt sends: signed at its moment with what its endpoint has then. */
final class SignedRequest {

    /** Says what a body does not that is nothing but data; it is not signed. */
    private static final String EVENT_TYPE = "webhook-event-type";

    private final byte[] body;
    private final Map<String, String> own;
    private final Map<String, String> said;

    private SignedRequest(byte[] body, Map<String, String> own, Map<String, String> said) {
        this.body = body;
        this.own = own;
        this.said = said;
    }

    /**
     * Signs a delivery.
     *
     * @throws IllegalArgumentException when there is nothing to sign with
     */
    static SignedRequest of(WebhookDelivery delivery, WebhookEndpoint endpoint, Credentials credentials, Instant now) {
        byte[] body = bytes(delivery.getBody());
        SignedHeaders signed = SignedHeaders.sign(credentials.keys(now), delivery.getId(), now, body);
        Map<String, String> said = said(delivery, endpoint);
        said.put(SignedHeaders.TIMESTAMP, signed.timestamp());
        said.put(SignedHeaders.SIGNATURE, signed.signature());
        DeliverySpans.next(delivery).ifPresent(span -> said.put(TraceParent.HEADER, span.toString()));
        return new SignedRequest(body, credentials.headers(), said);
    }

    /** The endpoint with those of its secrets that it had then. */
    static WebhookEndpoint endpointThen(WebhookEndpoint endpoint, Instant at) {
        return WebhookEndpoint.newBuilder(endpoint)
                .setSecrets(endpoint.getSecrets().stream()
                        .filter(secret -> !secret.getCreatedAt().isAfter(at))
                        .toList())
                .build();
    }

    /** What each attempt has, to be looked at; it is not to be sent. */
    static SignedRequest unsigned(WebhookDelivery delivery, WebhookEndpoint endpoint) {
        Map<String, String> own = new TreeMap<>();
        endpoint.getHeaders().keySet().forEach(name -> own.put(name, ""));
        endpoint.getSealedHeaders().keySet().forEach(name -> own.put(name, ""));
        return new SignedRequest(bytes(delivery.getBody()), own, said(delivery, endpoint));
    }

    private static Map<String, String> said(WebhookDelivery delivery, WebhookEndpoint endpoint) {
        Map<String, String> said = new LinkedHashMap<>();
        said.put(HttpHeaderNames.CONTENT_TYPE.toString(), delivery.getContentType());
        said.put(SignedHeaders.ID, delivery.getId());
        if (endpoint.getPayloadFormat() == WebhookPayloadFormat.RAW) {
            said.put(EVENT_TYPE, delivery.getEventType());
        }
        return said;
    }

    byte[] body() {
        return body;
    }

    void writeTo(HttpHeaders headers) {
        // The endpoint's own come first: what the dispatcher says replaces them, whatever the log holds.
        own.forEach(headers::set);
        said.forEach(headers::set);
    }

    /** The headers as the endpoint's owner may see them: no value of its own. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.keySet().forEach(name -> shown.put(name, AddedHeaders.MASK));
        shown.putAll(said);
        shown.put(HttpHeaderNames.USER_AGENT.toString(), WebhookClient.USER_AGENT);
        return shown;
    }

    /** An answer to it without what it says of the endpoint's own headers. */
    Probe masked(Probe probe) {
        if (own.isEmpty()) {
            return probe;
        }
        return new Probe(masked(probe.answer()), probe.timings(), probe.protocol());
    }

    private Answer masked(Answer answer) {
        return switch (answer) {
            case Answer.Received received ->
                new Answer.Received(
                        received.status(),
                        received.retryAfter(),
                        received.wish(),
                        EchoMask.of(own.values()).hide(received.body()));
            case Answer.Missing missing -> missing;
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
