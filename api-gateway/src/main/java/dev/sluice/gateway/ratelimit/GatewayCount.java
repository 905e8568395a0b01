package dev.sluice.gateway.ratelimit;

import java.util.function.IntSupplier;

/**
 * Among how many gateways a limit is shared while the shared counts are away: as many as were last known to be alive. While
 * they are away it only grows: a gateway that fell silent may go on admitting its part. Thread-safe.
 */
final class GatewayCount implements IntSupplier {

    private final IntSupplier alive;
    private final int min;
    private volatile int count;

    /**
     * @param alive how many are heard; 0 when nothing is, this one included
     * @param min how many there are at least
     */
    GatewayCount(IntSupplier alive, int min) {
        this.alive = alive;
        this.min = min;
        this.count = min;
    }

    @Override
    public int getAsInt() {
        return count;
    }

    /** Looks who is there while the shared counts answer. */
    synchronized void refresh() {
        int heard = alive.getAsInt();
        if (heard > 0) {
            count = Math.max(min, heard);
        }
    }

    /** Looks who is there while they do not. */
    synchronized void grow() {
        count = Math.max(count, alive.getAsInt());
    }
}
