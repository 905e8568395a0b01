package dev.sluice.gateway.ratelimit;

import java.util.List;

/**
 * The answer to a {@link LeaseCall}, line by line.
 *
 * @param now the moment of the shared clock, in microseconds
 * @param born when the shared counts began to exist
 */
record LeaseReply(long now, long born, List<Line> lines) {

    LeaseReply {
        lines = List.copyOf(lines);
    }

    /**
     * One limit.
     *
     * @param granted what the holder may spend in addition
     * @param state of a window everything spent and held; of a rate the level, without what is held
     * @param held what all holders hold, with the grant
     */
    record Line(long granted, LimitState state, long held) {}
}
