package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.record.LimitRule;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One limit, ready to be decided.
 *
 * @param group the route group that it covers, or every one
 * @param counter what its count is kept by among those of the tenant, for all groups that it covers together: its name,
 *     and of a limit that one key has alone, the key as well
 */
record Limit(String name, String group, Algorithm algorithm, Mode mode, OnRedisLoss onRedisLoss, String counter) {

    /** What happens when it is reached. */
    enum Mode {
        /** The request is refused. */
        ENFORCE,
        /** The request is admitted and not counted, as if it had been refused. */
        SHADOW,
        /** The request is admitted, counted and flagged. */
        SOFT
    }

    /** What stands in while Redis cannot be asked. */
    enum OnRedisLoss {
        SHARE,
        OPEN,
        CLOSED
    }

    /** What may stand in a quoted header value as it is. */
    private static final Pattern NAME = Pattern.compile("[ !#-\\[\\]-~]{1,64}");

    Limit {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must be 1 to 64 visible ASCII characters without quotes");
        }
    }

    /** A limit that all keys of a tenant share. */
    Limit(String name, String group, Algorithm algorithm, Mode mode, OnRedisLoss onRedisLoss) {
        this(name, group, algorithm, mode, onRedisLoss, name);
    }

    /** The same with a count of its own for a key. */
    Limit ofKey(String keyId) {
        return new Limit(name, group, algorithm, mode, onRedisLoss, name + "@" + keyId);
    }

    /** The key that it counts alone; none when all of the tenant's count. */
    Optional<String> key() {
        return counter.length() > name.length() ? Optional.of(counter.substring(name.length() + 1)) : Optional.empty();
    }

    /** Refuses a rule that this version does not know how to hold. */
    static Limit of(LimitRule rule) {
        Algorithm algorithm = switch (rule.getWindow()) {
            case SECOND -> new Gcra(rule.getQuota(), rule.getBurst());
            case MINUTE -> new CalendarWindow(Period.MINUTE, rule.getQuota());
            case HOUR -> new CalendarWindow(Period.HOUR, rule.getQuota());
            case DAY -> new CalendarWindow(Period.DAY, rule.getQuota());
            case MONTH -> new CalendarWindow(Period.MONTH, rule.getQuota());
            case UNKNOWN -> throw new IllegalArgumentException("the window is not known");
        };
        // The defaults of the schema stand for what a newer version may have written.
        Mode mode = switch (rule.getMode()) {
            case ENFORCE, UNKNOWN -> Mode.ENFORCE;
            case SHADOW -> Mode.SHADOW;
            case SOFT -> Mode.SOFT;
        };
        OnRedisLoss onRedisLoss = switch (rule.getOnRedisLoss()) {
            case SHARE, UNKNOWN -> OnRedisLoss.SHARE;
            case OPEN -> OnRedisLoss.OPEN;
            case CLOSED -> OnRedisLoss.CLOSED;
        };
        return new Limit(rule.getName(), rule.getGroup(), algorithm, mode, onRedisLoss);
    }

    boolean covers(String routeGroup) {
        return group.equals(RouteGroups.EVERY) || group.equals(routeGroup);
    }

    /** The name of its window, as in the record. */
    String window() {
        return switch (algorithm) {
            case Gcra ignored -> "SECOND";
            case CalendarWindow(Period period, long ignored) -> period.name();
        };
    }

    /** Cost units a window. */
    long quota() {
        return switch (algorithm) {
            case Gcra(long quota, long burst) -> quota;
            case CalendarWindow(Period period, long quota) -> quota;
        };
    }

    /** Cost units at once. */
    long burst() {
        return switch (algorithm) {
            case Gcra(long quota, long burst) -> burst;
            case CalendarWindow(Period period, long quota) -> quota;
        };
    }

    /**
     * Whether leases pay: they save calls only where many requests fit. A burst far below what the rate gives in a
     * moment would be held back by leases.
     */
    boolean isLeased(long from) {
        return switch (algorithm) {
            case Gcra(long quota, long burst) -> burst >= from && burst * 10 >= quota;
            case CalendarWindow(Period ignored, long quota) -> quota >= from;
        };
    }

    /** This limit's part for one of several gateways that cannot speak to each other; at least one unit. */
    Limit sharedBy(int gateways) {
        Algorithm part = switch (algorithm) {
            case Gcra(long quota, long burst) -> new Gcra(partOf(quota, gateways), partOf(burst, gateways));
            case CalendarWindow(Period period, long quota) -> new CalendarWindow(period, partOf(quota, gateways));
        };
        return new Limit(name, group, part, mode, onRedisLoss, counter);
    }

    private static long partOf(long amount, int gateways) {
        return Math.max(1, amount / gateways);
    }
}
