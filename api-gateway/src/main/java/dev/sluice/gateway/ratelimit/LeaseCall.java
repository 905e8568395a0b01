package dev.sluice.gateway.ratelimit;

import java.util.List;

/**
 * What one gateway tells and asks of one tenant's shared counts, all limits at once.
 *
 * @param holder the lease book that speaks
 * @param number grows from call to call of a gateway; the shared counts pass over a call that comes late
 * @param born when the shared counts that the book knows began to exist; 0 when it knows none
 * @param life how long, in microseconds, a lease may be spent after the call was sent
 * @param recount that this call tells all that is known, to counts that may have lost it
 */
record LeaseCall(String holder, long number, long born, long life, Recount recount, List<Line> lines) {

    LeaseCall {
        lines = List.copyOf(lines);
    }

    LeaseCall(String holder, long number, long born, long life, List<Line> lines) {
        this(holder, number, born, life, Recount.NONE, lines);
    }

    /**
     * A telling of all that is known.
     *
     * @param epoch the birth of the epoch that is told; 0 when this is none
     * @param first the number of the first call of this book that told it
     */
    record Recount(long epoch, long first) {

        static final Recount NONE = new Recount(0, 0);
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
     * @param heard in a recount what the shared counts were last heard to have: of a window everything spent and held, of
     *     a rate the level; else 0
     */
    record Line(Limit limit, long since, long base, long spent, long held, long need, long want, long heard) {

        Line(Limit limit, long since, long base, long spent, long held, long need, long want) {
            this(limit, since, base, spent, held, need, want, 0);
        }

        /** The same for a recount. */
        Line withHeard(long amount) {
            return new Line(limit, since, base, spent, held, need, want, amount);
        }

        /** Whether it says anything that the shared counts could have lost, or never knew. */
        boolean tells() {
            return heard > 0 || spent + held > base;
        }
    }
}
