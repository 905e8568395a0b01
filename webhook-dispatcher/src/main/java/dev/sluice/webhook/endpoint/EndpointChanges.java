package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What owners change of endpoints that are there. Changes of several at a time come one after the other, none is lost. */
final class EndpointChanges {

    private final EndpointTable table;
    private final Endpoints endpoints;
    private final EndpointBuilder builder;
    private final UrlRules rules;
    private final InstantSource clock;

    EndpointChanges(
            EndpointTable table, Endpoints endpoints, EndpointBuilder builder, UrlRules rules, InstantSource clock) {
        this.table = table;
        this.endpoints = endpoints;
        this.builder = builder;
        this.rules = rules;
        this.clock = clock;
    }

    /** All that an owner decides, anew; id, status and secrets stay. */
    Mono<OwnedEndpoint> replace(String tenant, String id, HttpHeaders headers, EndpointFields fields) {
        EndpointTerms terms = EndpointTerms.of(fields, rules);
        return change(tenant, id, headers, endpoint -> builder.with(endpoint, terms));
    }

    /** A part of it. What is wrong with the patch itself is said before whether there is such an endpoint. */
    Mono<OwnedEndpoint> patch(String tenant, String id, HttpHeaders headers, EndpointPatch patch) {
        if (!endpoints.exists(tenant, id)) {
            EndpointTerms.of(patch.applyToNothing(), rules);
        }
        return change(
                tenant,
                id,
                headers,
                endpoint ->
                        builder.with(endpoint, EndpointTerms.of(patch.applyTo(EndpointFields.of(endpoint)), rules)));
    }

    /** Begins no more attempts; one that is paused already stays as it is. */
    Mono<StatusChange> pause(String tenant, String id, HttpHeaders headers) {
        return status(tenant, id, headers, WebhookEndpointStatus.PAUSED).map(StatusChange::paused);
    }

    /** Goes on with what is paused or was disabled; one that is active stays as it is. */
    Mono<StatusChange> resume(String tenant, String id, HttpHeaders headers) {
        return status(tenant, id, headers, WebhookEndpointStatus.ACTIVE).map(StatusChange::resumed);
    }

    /** Completes when the endpoint is gone. */
    Mono<Void> delete(String tenant, String id, HttpHeaders headers) {
        return EndpointWrites.repeated(Mono.defer(() -> {
            OwnedEndpoint found = checked(tenant, id, headers);
            return EndpointWrites.answered(() -> headers.containsHeader(HttpHeaders.IF_MATCH)
                            ? table.remove(id, found.version())
                            : table.remove(id))
                    .then();
        }));
    }

    private Mono<OwnedEndpoint> status(String tenant, String id, HttpHeaders headers, WebhookEndpointStatus wanted) {
        return changeIfNeeded(tenant, id, headers, endpoint -> {
            if (endpoint.getStatus() == wanted) {
                return Optional.empty();
            }
            if (wanted == WebhookEndpointStatus.PAUSED && endpoint.getStatus() == WebhookEndpointStatus.DISABLED) {
                throw new ProblemException(
                        ProblemType.CONFLICT,
                        "It is disabled, " + EndpointStatus.why(endpoint) + "; resume it first, then pause it.");
            }
            return Optional.of(WebhookEndpoint.newBuilder(endpoint)
                    .setStatus(wanted)
                    .setStatusSince(clock.instant())
                    .setDisabledReason(null)
                    .build());
        });
    }

    /** Any change of one endpoint; made anew when another came first. */
    Mono<OwnedEndpoint> change(String tenant, String id, HttpHeaders headers, UnaryOperator<WebhookEndpoint> change) {
        return changeIfNeeded(tenant, id, headers, endpoint -> Optional.of(change.apply(endpoint)));
    }

    private Mono<OwnedEndpoint> changeIfNeeded(
            String tenant,
            String id,
            HttpHeaders headers,
            Function<WebhookEndpoint, Optional<WebhookEndpoint>> change) {
        return EndpointWrites.repeated(Mono.defer(() -> {
            OwnedEndpoint found = checked(tenant, id, headers);
            return change.apply(found.endpoint())
                    .map(changed -> written(changed, found.version()))
                    .orElseGet(() -> Mono.just(found));
        }));
    }

    private OwnedEndpoint checked(String tenant, String id, HttpHeaders headers) {
        OwnedEndpoint found = endpoints.find(tenant, id);
        Preconditions.check(headers, Optional.of(found.entityTag()));
        return found;
    }

    private Mono<OwnedEndpoint> written(WebhookEndpoint changed, long version) {
        WebhookEndpoint dated = WebhookEndpoint.newBuilder(changed)
                .setUpdatedAt(clock.instant())
                .build();
        return EndpointWrites.answered(() -> table.replace(dated, version)).map(OwnedEndpoint::of);
    }
}
