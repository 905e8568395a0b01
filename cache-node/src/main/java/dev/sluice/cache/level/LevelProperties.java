package dev.sluice.cache.level;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.Lease;
import dev.sluice.cache.engine.RedisSecondLevel;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How large and how patient the levels are. Where Redis is comes from {@code spring.data.redis}.
 *
 * @param firstLevelSize memory for the first level: keys, values and an estimate of what holds them
 * @param firstLevelFloor part of that, 0 to 1, that the first level keeps however short memory is: it shrinks while collections of garbage
 *     leave the old generation more than 85 % full, and grows again below 70 %; 1 for never
 * @param secondLevelTimeout how long Redis may take to answer
 * @param ttlJitter part of a lifetime, 0 to below 1, by which it is shortened at random, so that what was stored together does not end together
 * @param leaseTime how long one who asked for a lease has to make the value before another may
 * @param packFrom values of this size and more are packed in Redis where that saves an eighth of them, for the time that it takes to pack
 *     and unpack them; 0 for none
 * @param tracking whether Redis tells this node of every change, over a connection that does nothing else, so that what is removed or
 *     overwritten there behind the cache's back is noticed at once
 */
@ConfigurationProperties("sluice.cache.level")
public record LevelProperties(
        @DefaultValue("64MB") DataSize firstLevelSize,
        @DefaultValue("0.125") double firstLevelFloor,
        @DefaultValue("250ms") Duration secondLevelTimeout,
        @DefaultValue("0.1") double ttlJitter,
        @DefaultValue("10s") Duration leaseTime,
        @DefaultValue("0") DataSize packFrom,
        @DefaultValue("true") boolean tracking) {

    public LevelProperties {
        if (firstLevelSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.first-level-size must be positive: " + firstLevelSize);
        }
        if (!(firstLevelFloor >= 0 && firstLevelFloor <= 1)) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.first-level-floor must be 0 to 1: " + firstLevelFloor);
        }
        if (!secondLevelTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.second-level-timeout must be positive: " + secondLevelTimeout);
        }
        requireJitter(ttlJitter);
        if (packFrom.toBytes() < 0 || packFrom.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("sluice.cache.level.pack-from must be 0 to 2 GB: " + packFrom);
        }
        requireLease(leaseTime);
    }

    private static void requireJitter(double jitter) {
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("sluice.cache.level.ttl-jitter must be 0 to below 1: " + jitter);
        }
    }

    private static void requireLease(Duration time) {
        if (time.toMillis() < 1 || time.compareTo(Lease.MAX_LIFE) > 0) {
            throw new IllegalArgumentException(
                    "sluice.cache.level.lease-time must be 1 ms to " + Lease.MAX_LIFE + ": " + time);
        }
    }

    /** The level, which packs what is to be packed. */
    public RedisSecondLevel packing(RedisSecondLevel level) {
        int from = Math.toIntExact(packFrom.toBytes());
        return from == 0 ? level : level.packingFrom(from);
    }

    /** As the engine takes them. */
    public CacheSettings settings() {
        return CacheSettings.defaults()
                .withFirstLevelMaxBytes(firstLevelSize.toBytes())
                .withSecondLevelDeadline(secondLevelTimeout)
                .withTtlJitter(ttlJitter)
                .withLeaseLife(leaseTime);
    }
}
