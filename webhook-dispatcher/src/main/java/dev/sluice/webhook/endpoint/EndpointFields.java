package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.filter.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an owner says of an endpoint, as it is sent: all of it by PUT, a part of it by PATCH.
 *
 * @param eventTypes what it is to receive
 * @param headers added to each request; {@code ***} stands for the value that is there
 * @param metadata the owner's own labels
 * @param timeout ISO 8601 duration for a whole attempt; the platform's when left out
 * @param retryDelays ISO 8601 durations between attempts; the platform's schedule when left out
 * @param maxConcurrency most requests at once, from 1; the platform's when left out
 * @param rateLimit how often requests may be begun; no limit when left out
 * @param signatureScheme {@code v1}, {@code v1a} or {@code both}; as it is when left out
 * @param ordering {@code none} or {@code fifo}; none when left out
 * @param filter conditions on the subject and data of events, all of which must hold; none when left out
 * @param payload {@code standard} or {@code raw}; standard when left out
 */
record EndpointFields(
        String url,
        List<@Nullable String> eventTypes,
        @Nullable String description,
        @Nullable Map<String, @Nullable String> headers,
        @Nullable Map<String, @Nullable String> metadata,
        @Nullable String timeout,
        @Nullable List<@Nullable String> retryDelays,
        @Nullable Integer maxConcurrency,
        @Nullable RateLimitFields rateLimit,
        @Nullable String ordering,
        @Nullable List<@Nullable JsonNode> filter,
        @Nullable String signatureScheme,
        @Nullable String payload) {

    /** The fields of an endpoint as they are shown. */
    static EndpointFields of(WebhookEndpoint endpoint) {
        return new EndpointFields(
                endpoint.getUrl(),
                endpoint.getEventTypes().isEmpty()
                        ? List.of(EventTypePattern.ALL.text())
                        : new ArrayList<>(endpoint.getEventTypes()),
                endpoint.getDescription(),
                masked(endpoint),
                new TreeMap<>(endpoint.getMetadata()),
                endpoint.getTimeoutMillis() == null
                        ? null
                        : Duration.ofMillis(endpoint.getTimeoutMillis()).toString(),
                endpoint.getRetryDelaysMillis().isEmpty() ? null : durations(endpoint.getRetryDelaysMillis()),
                endpoint.getMaxConcurrency(),
                RateLimit.of(endpoint).map(RateLimitFields::of).orElse(null),
                EndpointTerms.shown(endpoint.getOrdering()),
                Filter.shown(endpoint.getFilter()),
                Signatures.of(endpoint.getSecrets()).text(),
                EndpointTerms.shown(endpoint.getPayloadFormat()));
    }

    private static List<@Nullable String> durations(List<Long> millis) {
        List<@Nullable String> durations = new ArrayList<>();
        millis.forEach(each -> durations.add(Duration.ofMillis(each).toString()));
        return durations;
    }

    /** Any value may be a credential, so none is shown. */
    private static Map<String, @Nullable String> masked(WebhookEndpoint endpoint) {
        Map<String, @Nullable String> masked = new LinkedHashMap<>();
        endpoint.getSealedHeaders().keySet().stream().sorted().forEach(name -> masked.put(name, AddedHeaders.MASK));
        return masked;
    }

    @Override
    public String toString() {
        return "EndpointFields[url=" + url + ", eventTypes=" + eventTypes + "]";
    }
}
