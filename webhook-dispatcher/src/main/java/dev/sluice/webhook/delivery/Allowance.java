package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.record.WebhookOrdering;
import dev.sluice.webhook.endpoint.RateLimit;
import java.util.Optional;

/**
 * What the owner of an endpoint allows to be sent to it.
 *
 * @param open whether anything may be begun
 * @param inOrder whether one delivery comes after the other, in the order of the log
 * @param atOnce most requests under way
 * @param rate how often one may be begun
 */
record Allowance(boolean open, boolean inOrder, int atOnce, Optional<RateLimit> rate) {

    /** Of an endpoint whose owner says nothing, and of one that is sent nothing: what waits for it is to be got rid of. */
    static final Allowance UNLIMITED = new Allowance(true, false, Integer.MAX_VALUE, Optional.empty());

    /** More than lanes give out. */
    private static final int PLATFORMS = 1_000;

    /** Whether nothing is sent, so that nobody need be spared. */
    boolean isRiddance() {
        return atOnce == Integer.MAX_VALUE;
    }

    static Allowance of(WebhookEndpoint endpoint) {
        if (endpoint.getStatus() == WebhookEndpointStatus.DISABLED) {
            return UNLIMITED;
        }
        boolean inOrder = endpoint.getOrdering() == WebhookOrdering.FIFO;
        Integer most = inOrder ? Integer.valueOf(1) : endpoint.getMaxConcurrency();
        return new Allowance(
                endpoint.getStatus() == WebhookEndpointStatus.ACTIVE,
                inOrder,
                most == null ? PLATFORMS : most,
                RateLimit.of(endpoint));
    }
}
