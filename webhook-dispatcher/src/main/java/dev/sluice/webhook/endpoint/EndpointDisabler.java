package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookDisabledReason;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops deliveries to an endpoint that said it is gone, or that has failed for long. */
public final class EndpointDisabler {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointDisabler.class);

    private final EndpointTable endpoints;
    private final InstantSource clock;

    EndpointDisabler(EndpointTable endpoints, InstantSource clock) {
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /** Completes when the endpoint is disabled, was changed by its owner meanwhile, or is no more. */
    public CompletableFuture<Void> disable(String endpointId, WebhookDisabledReason reason) {
        Optional<Versioned<WebhookEndpoint>> found = endpoints.findVersioned(endpointId);
        if (found.isEmpty() || found.get().value().getStatus() == WebhookEndpointStatus.DISABLED) {
            return CompletableFuture.completedFuture(null);
        }
        Instant now = clock.instant();
        WebhookEndpoint disabled = WebhookEndpoint.newBuilder(found.get().value())
                .setStatus(WebhookEndpointStatus.DISABLED)
                .setStatusSince(now)
                .setDisabledReason(reason)
                .setUpdatedAt(now)
                .build();
        return endpoints
                .replace(disabled, found.get().version())
                .thenAccept(done -> LOG.info("endpoint {} is disabled", endpointId))
                .exceptionally(EndpointDisabler::unlessConflict);
    }

    /** The owner's own change goes first; the next answer decides about the changed endpoint. */
    private static @org.jspecify.annotations.Nullable Void unlessConflict(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof VersionConflictException) {
            return null;
        }
        throw new CompletionException(cause);
    }
}
