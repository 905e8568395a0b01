package dev.sluice.gateway.apikey;

import dev.sluice.gateway.fleet.Progress;
import java.util.List;

/**
 * How far a change of a key has spread.
 *
 * @param complete whether every gateway that is alive has applied it
 * @param gateways how many are alive
 * @param applied how many of them have applied it
 * @param millis from the beginning of the write to the last confirmation, or for how long it was waited
 * @param missing ids of the gateways that have not confirmed it
 */
record Propagation(boolean complete, int gateways, int applied, double millis, List<String> missing) {

    private static final double NANOS_A_MICRO = 1_000;

    static Propagation of(Progress progress, long nanos) {
        double millis = Math.round(nanos / NANOS_A_MICRO) / NANOS_A_MICRO;
        return new Propagation(
                progress.complete(), progress.gateways(), progress.applied(), millis, progress.missing());
    }
}
