package dev.sluice.metrics.usage;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.record.RequestEntry;

/**
 * What some requests used. Immutable.
 *
 * @param limited those that a limit refused; all others were admitted
 * @param clientErrors those answered 4xx, the refused ones among them
 * @param serverErrors those answered 5xx
 * @param cost units admitted
 */
public record UsageTally(
        long requests,
        long limited,
        long clientErrors,
        long serverErrors,
        long requestBytes,
        long responseBytes,
        long cost) {

    public static final UsageTally NONE = new UsageTally(0, 0, 0, 0, 0, 0, 0);

    /** Of one request. Sizes and costs below 0 count as 0. */
    public static UsageTally of(RequestEntry entry) {
        return new UsageTally(
                1,
                isLimited(entry) ? 1 : 0,
                entry.getStatus() / 100 == 4 ? 1 : 0,
                entry.getStatus() / 100 == 5 ? 1 : 0,
                Math.max(0, entry.getRequestBytes()),
                Math.max(0, entry.getResponseBytes()),
                Math.max(0, entry.getCost()));
    }

    /** Of cost units alone; below 0 they count as 0. */
    static UsageTally ofCost(long cost) {
        return new UsageTally(0, 0, 0, 0, 0, 0, Math.max(0, cost));
    }

    private static boolean isLimited(RequestEntry entry) {
        return switch (entry.getVerdict()) {
            case LIMITED, REFUSED -> true;
            case ALLOWED, SHADOW_LIMITED, SOFT_LIMITED, NOT_LIMITED, UNKNOWN -> false;
        };
    }

    public long admitted() {
        return requests - limited;
    }

    public UsageTally plus(UsageTally other) {
        return new UsageTally(
                requests + other.requests,
                limited + other.limited,
                clientErrors + other.clientErrors,
                serverErrors + other.serverErrors,
                saturatedSum(requestBytes, other.requestBytes),
                saturatedSum(responseBytes, other.responseBytes),
                saturatedSum(cost, other.cost));
    }

    public void encode(CompactWriter out) {
        out.writeCount(requests)
                .writeCount(limited)
                .writeCount(clientErrors)
                .writeCount(serverErrors)
                .writeCount(requestBytes)
                .writeCount(responseBytes)
                .writeCount(cost);
    }

    public static UsageTally decode(CompactReader in) {
        return new UsageTally(
                in.readCount(),
                in.readCount(),
                in.readCount(),
                in.readCount(),
                in.readCount(),
                in.readCount(),
                in.readCount());
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
