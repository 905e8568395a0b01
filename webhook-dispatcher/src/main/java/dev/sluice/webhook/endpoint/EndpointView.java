package dev.sluice.webhook.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.WebhookEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint as its owner sees it.
 *
 * @param headers by name; no value is shown
 * @param timeout ISO 8601 duration; absent for the platform's
 * @param retryDelays ISO 8601 durations; absent for the platform's schedule
 * @param maxConcurrency most requests at once; absent for the platform's
 * @param rateLimit how often requests may be begun; absent for no limit
 * @param ordering none or fifo
 * @param filter conditions on events; absent when there are none
 * @param signatureScheme {@code v1}, {@code v1a} or {@code both}
 * @param payload {@code standard} or {@code raw}
 * @param publicKey what receivers verify v1a with, after {@code whpk_}; absent when it is not signed so
 * @param statusSince when it was made, paused, resumed or disabled, whichever was last; absent when that was before it was kept
 * @param disabledReason {@code gone} when its receiver said so, {@code failing} when it failed for long; absent when it is not disabled
 * @param secret in clear, in the answer to its creation and nowhere else; absent when it is signed in v1a alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        String id,
        String url,
        List<@Nullable String> eventTypes,
        String description,
        Map<String, @Nullable String> headers,
        Map<String, @Nullable String> metadata,
        @Nullable String timeout,
        @Nullable List<@Nullable String> retryDelays,
        @Nullable Integer maxConcurrency,
        @Nullable RateLimitFields rateLimit,
        @Nullable String ordering,
        @Nullable List<@Nullable JsonNode> filter,
        String signatureScheme,
        @Nullable String payload,
        @Nullable String publicKey,
        String status,
        @Nullable Instant statusSince,
        @Nullable String disabledReason,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String secret) {

    static EndpointView of(WebhookEndpoint endpoint) {
        EndpointFields fields = EndpointFields.of(endpoint);
        EndpointStatus status = EndpointStatus.of(endpoint);
        return new EndpointView(
                endpoint.getId(),
                fields.url(),
                fields.eventTypes(),
                Objects.requireNonNullElse(fields.description(), ""),
                Objects.requireNonNullElse(fields.headers(), Map.of()),
                Objects.requireNonNullElse(fields.metadata(), Map.of()),
                fields.timeout(),
                fields.retryDelays(),
                fields.maxConcurrency(),
                fields.rateLimit(),
                fields.ordering(),
                fields.filter(),
                Signatures.of(endpoint.getSecrets()).text(),
                fields.payload(),
                null,
                status.status(),
                status.since(),
                status.disabledReason(),
                endpoint.getCreatedAt(),
                endpoint.getUpdatedAt(),
                null);
    }

    EndpointView withSecret(@Nullable String text) {
        return with(publicKey, text);
    }

    EndpointView withPublicKey(@Nullable String text) {
        return with(text, secret);
    }

    private EndpointView with(@Nullable String nextPublicKey, @Nullable String nextSecret) {
        return new EndpointView(
                id,
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
                payload,
                nextPublicKey,
                status,
                statusSince,
                disabledReason,
                createdAt,
                updatedAt,
                nextSecret);
    }

    @Override
    public String toString() {
        return "EndpointView[id=" + id + "]";
    }
}
