package dev.sluice.gateway.ratelimit;

import java.util.List;

/**
 * What one gateway tells and asks of one tenant's shared counts, all limits at once.
 *
 * @param holder the lease book that speaks
 * @param number grows from call to call of a gateway; the shared counts pass over a call that comes late
 * @param born when the shared counts that the book knows began to exist; 0 when it knows none
 * @param life how long, in microseconds, a lease may be spent after the call was sent
 */
record LeaseCall(String holder, long number, long born, long life, List<Line> lines) {

    LeaseCall {
        lines = List.copyOf(lines);
    }

    /**
     * One limit.
     *
     * @param since the start of the calendar window that the numbers belong to; 0 for a rate
     * @param base what the shared counts are known to have of this holder: of a window what it spent and holds, of a
     *     rate what it spent. Used only when they no longer know the holder.
     * @param spent what the holder spent, of a window since its start, of a rate ever
     * @param held what it holds and did not spend; what it held more than that is given back
     * @param need what waits for it now
     * @param want what it would like, at least the need; 0 asks for nothing
     */
    record Line(Limit limit, long since, long base, long spent, long held, long need, long want) {}
}
