package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.endpoint.RateLimit;
import java.util.Optional;

/**
 * What the owner of an endpoint allows to be sent to it.
 *
 * @param atOnce most requests under way
 * @param rate how often one may be begun
 */
record Allowance(int atOnce, Optional<RateLimit> rate) {

    /** Of an endpoint whose owner says nothing, and of one that is sent nothing: what waits for it is to be got rid of. */
    static final Allowance UNLIMITED = new Allowance(Integer.MAX_VALUE, Optional.empty());

    static Allowance of(WebhookEndpoint endpoint) {
        if (endpoint.getStatus() != WebhookEndpointStatus.ACTIVE) {
            return UNLIMITED;
        }
        Integer most = endpoint.getMaxConcurrency();
        return new Allowance(most == null ? Integer.MAX_VALUE : most, RateLimit.of(endpoint));
    }
}
