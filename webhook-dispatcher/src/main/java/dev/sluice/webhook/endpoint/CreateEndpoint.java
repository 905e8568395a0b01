package dev.sluice.webhook.endpoint;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for a new endpoint: the fields of {@link EndpointFields}, and a secret.
 *
 * @param secret the signing secret; made by the platform when left out
 */
record CreateEndpoint(
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
        @Nullable String payload,
        @Nullable String secret) {

    EndpointFields fields() {
        return new EndpointFields(
                url,
                eventTypes,
                description,
                headers,
                metadata,
                timeout,
                retryDelays,
                maxConcurrency,
                rateLimit,
                ordering,
                filter,
                signatureScheme,
                payload);
    }

    @Override
    public String toString() {
        return "CreateEndpoint[" + fields() + "]";
    }
}
