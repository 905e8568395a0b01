package dev.sluice.metrics.streams;

import java.util.Locale;

/**
 * Whether the windows can be read, and if not, why not, for operators.
 *
 * @param phase where the start-up has come to
 */
public record StreamsStatus(Phase phase, String reason) {
    /** The way from the start to running, and back. */
    public enum Phase {
        WAITING_FOR_TOPICS,
        STARTING,
        RUNNING,
        REBALANCING,
        RESTARTING,
        STOPPED;

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public boolean isRunning() {
        return phase == Phase.RUNNING;
    }
}
