package dev.sluice.webhook.delivery;

/**
 * Bounds of a lane schedule.
 *
 * @param inFlight most jobs at once
 * @param inFlightPerLane most jobs of one endpoint at once
 * @param waitingPerLane most jobs of one endpoint that wait
 */
public record LaneLimits(int inFlight, int inFlightPerLane, int waitingPerLane) {

    /** Of what is in flight, at least one. */
    int quarter() {
        return Math.ceilDiv(inFlight, 4);
    }

    /** The same for half as many at once, at least one. */
    LaneLimits half() {
        return new LaneLimits(Math.ceilDiv(inFlight, 2), inFlightPerLane, waitingPerLane);
    }

    public LaneLimits {
        if (inFlight < 1 || inFlightPerLane < 1 || waitingPerLane < 1) {
            throw new IllegalArgumentException(
                    "limits must be at least 1: " + inFlight + ", " + inFlightPerLane + ", " + waitingPerLane);
        }
    }
}
