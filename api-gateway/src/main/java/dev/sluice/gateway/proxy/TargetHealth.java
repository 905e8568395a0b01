package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.HealthCheck;

/** Whether a target is well by its own health checks; well until they say otherwise. Thread-safe. */
final class TargetHealth {

    private final HealthCheck check;
    private volatile boolean up = true;
    private int inARow;

    TargetHealth(HealthCheck check) {
        this.check = check;
    }

    boolean isUp() {
        return up;
    }

    synchronized void passed() {
        count(!up, check.healthyAfter());
    }

    synchronized void failed() {
        count(up, check.unhealthyAfter());
    }

    private void count(boolean contradicts, int needed) {
        if (!contradicts) {
            inARow = 0;
            return;
        }
        inARow++;
        if (inARow >= needed) {
            up = !up;
            inARow = 0;
        }
    }
}
