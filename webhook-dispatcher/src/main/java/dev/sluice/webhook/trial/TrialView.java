package dev.sluice.webhook.trial;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.delivery.Sender;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Protocol;
import dev.sluice.webhook.egress.Snippet;
import dev.sluice.webhook.egress.TimingsView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a test event, as the owner of the endpoint sees it.
 *
 * @param outcome {@code delivered}, {@code refused} by the receiver's answer, or {@code failed} without one
 * @param response absent when there was none
 * @param failure absent when it was delivered
 * @param timings absent when nothing was sent
 * @param protocol {@code http/1.1} or {@code h2}; absent when nothing was sent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrialView(
        String outcome,
        Request request,
        @Nullable Response response,
        @Nullable Remedy failure,
        @Nullable TimingsView timings,
        @Nullable String protocol) {

    private static final int MAX_CHARACTERS = 2_048;

    /**
     * What was sent.
     *
     * @param headers without values that may be credentials
     */
    record Request(String url, Map<String, String> headers, String body) {}

    /** What was answered; the beginning of its body. */
    record Response(int status, String body, boolean bodyTruncated) {}

    static TrialView of(WebhookEndpoint endpoint, WebhookDelivery delivery, Sender.Tried tried) {
        Request request = request(endpoint, delivery, tried.headers());
        TimingsView times = TimingsView.of(tried.probe().timings());
        String protocol = tried.probe().protocol().map(Protocol::code).orElse(null);
        return switch (tried.probe().answer()) {
            case Answer.Received received -> answered(request, received, times, protocol);
            case Answer.Missing missing ->
                new TrialView("failed", request, null, Remedy.of(missing.failure()), times, protocol);
        };
    }

    static TrialView unsignable(WebhookEndpoint endpoint, WebhookDelivery delivery) {
        return new TrialView(
                "failed",
                request(endpoint, delivery, Map.of()),
                null,
                Remedy.of(Answer.Failure.UNSIGNABLE),
                null,
                null);
    }

    private static TrialView answered(
            Request request, Answer.Received received, TimingsView times, @Nullable String protocol) {
        Snippet body = Snippet.of(ByteBuffer.wrap(received.body().bytes()), MAX_CHARACTERS);
        Response response = new Response(received.status(), body.text(), body.truncated());
        return Remedy.of(received.status())
                .map(remedy -> new TrialView("refused", request, response, remedy, times, protocol))
                .orElseGet(() -> new TrialView("delivered", request, response, null, times, protocol));
    }

    private static Request request(WebhookEndpoint endpoint, WebhookDelivery delivery, Map<String, String> headers) {
        return new Request(
                endpoint.getUrl(),
                headers,
                StandardCharsets.UTF_8.decode(delivery.getBody().duplicate()).toString());
    }
}
