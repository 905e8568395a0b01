package dev.sluice.gateway.stream;

import dev.sluice.platform.web.ByteBudget;

/**
 * What may wait for clients.
 *
 * @param maxEvents for one client
 * @param maxBytes for one client, but for a single event
 * @param budget for all clients together
 */
record StreamBounds(int maxEvents, long maxBytes, ByteBudget budget) {

    StreamBuffer newBuffer(Positions start) {
        return new StreamBuffer(maxEvents, maxBytes, budget, start);
    }
}
