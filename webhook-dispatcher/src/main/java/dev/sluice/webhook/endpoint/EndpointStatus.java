package dev.sluice.webhook.endpoint;

import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an endpoint receives, since when, and why not.
 *
 * @param since absent of an endpoint whose status is older than this is kept
 * @param disabledReason {@code gone} or {@code failing}; absent when it is not disabled, or that was not said
 */
record EndpointStatus(
        String status, @Nullable Instant since, @Nullable String disabledReason) {

    static EndpointStatus of(WebhookEndpoint endpoint) {
        return new EndpointStatus(
                endpoint.getStatus().name().toLowerCase(Locale.ROOT),
                endpoint.getStatusSince(),
                reason(endpoint)
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                        .orElse(null));
    }

    /** Why it is disabled, for people. */
    static String why(WebhookEndpoint endpoint) {
        return reason(endpoint)
                .map(reason -> switch (reason) {
                    case GONE -> "since its receiver said that it is gone";
                    case FAILING -> "since its receiver has failed for long";
                    case UNKNOWN -> "since its receiver is gone or has failed for long";
                })
                .orElse("since its receiver is gone or has failed for long");
    }

    /** What a newer version says has no name here. */
    private static Optional<WebhookDisabledReason> reason(WebhookEndpoint endpoint) {
        return endpoint.getStatus() == WebhookEndpointStatus.DISABLED
                ? Optional.ofNullable(endpoint.getDisabledReason())
                        .filter(reason -> reason != WebhookDisabledReason.UNKNOWN)
                : Optional.empty();
    }
}
