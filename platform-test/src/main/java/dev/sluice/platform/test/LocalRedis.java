package dev.sluice.platform.test;

import dev.sluice.platform.local.RedisSettings.Durability;

/**
 * The Redis that all tests of one JVM share: a container where a Docker engine answers, else a local process. It
 * starts at first use and ends with the JVM; nothing is kept.
 */
public final class LocalRedis {

    private final RedisAddress address;

    private LocalRedis(RedisAddress address) {
        this.address = address;
    }

    public static LocalRedis shared() {
        return Shared.INSTANCE;
    }

    /** A Redis of the caller's own, to be paused, killed and started again at will; always a local process. */
    public static IsolatedRedis newIsolated() {
        return new IsolatedRedis(Durability.MEMORY);
    }

    /** The same with an append-only file, as {@code ./sluice up} runs it: what was written outlives a kill. */
    public static IsolatedRedis newDurable() {
        return new IsolatedRedis(Durability.APPEND_ONLY);
    }

    /** One of the caller's own with a replica that takes over; always local processes. */
    public static IsolatedRedisSentinel newWithSentinel() {
        return new IsolatedRedisSentinel();
    }

    /** The cluster that all tests of one JVM share; always local processes. It starts at first use and ends with the JVM. */
    public static IsolatedRedisCluster sharedCluster() {
        return SharedCluster.INSTANCE;
    }

    /** A cluster of the caller's own, whose first master has a replica that takes over; always local processes. */
    public static IsolatedRedisCluster newClusterWithReplica() {
        return IsolatedRedisCluster.withReplica();
    }

    private static IsolatedRedisCluster startCluster() {
        IsolatedRedisCluster cluster = IsolatedRedisCluster.ofMasters();
        AtExit.closeAtOnce("shared Redis cluster", cluster);
        return cluster;
    }

    public String host() {
        return address.host();
    }

    public int port() {
        return address.port();
    }

    private static LocalRedis start() {
        return new LocalRedis(Containers.startRedis().orElseGet(LocalRedis::startProcess));
    }

    private static RedisAddress startProcess() {
        IsolatedRedis redis = new IsolatedRedis(Durability.MEMORY);
        AtExit.closeAtOnce("shared Redis", redis);
        return new RedisAddress(redis.host(), redis.port());
    }

    private static final class Shared {
        private static final LocalRedis INSTANCE = start();
    }

    private static final class SharedCluster {
        private static final IsolatedRedisCluster INSTANCE = startCluster();
    }
}
