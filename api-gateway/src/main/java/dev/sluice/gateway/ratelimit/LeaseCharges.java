package dev.sluice.gateway.ratelimit;

/**
 * What the shared counts charged in the present window for one gateway, request by request. They may lose it; this one
 * does not. Not thread-safe.
 */
final class LeaseCharges {

    /** What was known at some moment. Answers overtake each other: an older one says nothing of what came later. */
    record Known(long epoch, long charged) {}

    private long charged;
    /** Grows when counting begins anew. */
    private long epoch;

    long amount() {
        return charged;
    }

    void add(long cost) {
        charged += cost;
    }

    void clear() {
        charged = 0;
        epoch++;
    }

    Known known() {
        return new Known(epoch, charged);
    }

    /** How much of what was known the shared counts have lost, when they counted so much; it is told of once. */
    long takeLost(Known known, long counted) {
        long lost = known.charged() - counted;
        if (known.epoch() != epoch || lost <= 0) {
            return 0;
        }
        charged -= lost;
        epoch++;
        return lost;
    }
}
