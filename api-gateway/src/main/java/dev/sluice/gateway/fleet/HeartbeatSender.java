package dev.sluice.gateway.fleet;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Tells all gateways how far this one has come. */
interface HeartbeatSender {

    /**
     * Completes when it is on the log.
     *
     * @param applied for each table the offset up to which it was applied
     */
    CompletableFuture<?> beat(Map<String, Long> applied);

    /** Says that this gateway stops. */
    CompletableFuture<?> leave();
}
