package dev.sluice.cache.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.cache.engine.CacheStatistics;
import dev.sluice.cache.engine.CacheStatistics.Evictions;
import dev.sluice.cache.engine.CacheStatistics.FirstLevelUse;
import dev.sluice.cache.engine.CacheStatistics.Memory;
import dev.sluice.cache.engine.CacheStatistics.Reads;
import dev.sluice.cache.engine.CacheStatistics.SecondLevelState;
import dev.sluice.cache.engine.RedisServer;
import dev.sluice.platform.kafka.LogFollower;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What one node says of itself and of the Redis behind it. The first fields have the names that tools for Redis know; they are null
 * while no Redis answers, but for the hit rate, which is that of the cache and known here.
 *
 * @param totalKeys in all of Redis: entries, counters, locks, and what the platform keeps beside them, of all tenants
 * @param hitRate the part of this node's reads that the cache answered, since {@code since}; null before the first
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record CacheInfo(
        String nodeId,
        Instant since,
        @Nullable String redisVersion,
        @Nullable String usedMemoryHuman,
        @Nullable Long connectedClients,
        @Nullable Long totalKeys,
        @Nullable Long uptimeInSeconds,
        @Nullable Double hitRate,
        RedisInfo redis,
        FirstLevelInfo firstLevel,
        CoherenceInfo coherence,
        ReadsInfo reads) {

    static CacheInfo of(String nodeId, CacheStatistics cache, Optional<RedisFleet> fleet, LogFollower log) {
        return new CacheInfo(
                nodeId,
                cache.since(),
                fleet.flatMap(RedisFleet::version).orElse(null),
                fleet.flatMap(RedisFleet::usedMemory).map(RedisFleet::human).orElse(null),
                fleet.flatMap(each -> each.sum("connected_clients")).orElse(null),
                fleet.flatMap(RedisFleet::keys).orElse(null),
                fleet.flatMap(RedisFleet::leastUptime).orElse(null),
                orNull(cache.reads().hitRate()),
                RedisInfo.of(fleet, cache.secondLevel()),
                FirstLevelInfo.of(cache.firstLevel(), cache.memory(), cache.reads()),
                new CoherenceInfo(log.following(), log.staleness().toMillis()),
                ReadsInfo.of(cache.reads()));
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    /**
     * The servers behind the cache.
     *
     * @param status {@code up}, {@code partly} when some of a cluster do not answer, {@code down} when none does
     * @param breaker whether this node asks Redis: {@code closed}, {@code half_open} for one try, {@code open} for not at all for a while
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record RedisInfo(String status, @Nullable String mode, String breaker, List<ServerInfo> servers) {

        static RedisInfo of(Optional<RedisFleet> fleet, SecondLevelState state) {
            return new RedisInfo(
                    fleet.map(RedisFleet::status).orElse("down"),
                    fleet.flatMap(RedisFleet::mode).orElse(null),
                    breaker(state),
                    fleet.map(each ->
                                    each.servers().stream().map(ServerInfo::of).toList())
                            .orElse(List.of()));
        }

        private static String breaker(SecondLevelState state) {
            return switch (state) {
                case NONE, ASKED -> "closed";
                case TRIED -> "half_open";
                case LEFT_ALONE -> "open";
            };
        }
    }

    /**
     * One server; what it does not say is null.
     *
     * @param address its own in a cluster, null for the one that there is
     * @param keyspaceHitRate of its look-ups of keys, for whatever reason: see {@link RedisServer#keyspaceHitRate}
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record ServerInfo(
            @Nullable String address,
            String status,
            @Nullable String role,
            @Nullable String redisVersion,
            @Nullable Long usedMemoryBytes,
            @Nullable Long maxMemoryBytes,
            @Nullable Long connectedClients,
            @Nullable Long connectedReplicas,
            @Nullable Long keys,
            @Nullable Long uptimeInSeconds,
            @Nullable Long evictedKeys,
            @Nullable Long expiredKeys,
            @Nullable Double keyspaceHitRate) {

        static ServerInfo of(RedisServer server) {
            String role = server.facts().get("role");
            return new ServerInfo(
                    server.address().isEmpty() ? null : server.address(),
                    server.answers() ? "up" : "down",
                    role == null ? null : server.isReplica() ? "replica" : role,
                    server.facts().get("redis_version"),
                    number(server, "used_memory"),
                    number(server, "maxmemory"),
                    number(server, "connected_clients"),
                    number(server, "connected_slaves"),
                    server.keys().isPresent() ? server.keys().getAsLong() : null,
                    number(server, "uptime_in_seconds"),
                    number(server, "evicted_keys"),
                    number(server, "expired_keys"),
                    orNull(server.keyspaceHitRate()));
        }

        private static @Nullable Long number(RedisServer server, String field) {
            return server.number(field).isPresent() ? server.number(field).getAsLong() : null;
        }
    }

    /** The copies on this node. Weights are estimates in bytes. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record FirstLevelInfo(
            String state,
            long entries,
            long weightBytes,
            long maxWeightBytes,
            PressureInfo pressure,
            @Nullable Double hitRate,
            EvictionInfo evictedForSize,
            EvictionInfo expired) {

        static FirstLevelInfo of(FirstLevelUse use, Memory memory, Reads reads) {
            return new FirstLevelInfo(
                    use.open() ? "open" : "closed",
                    use.entries(),
                    use.weight(),
                    use.maxWeight(),
                    PressureInfo.of(memory),
                    orNull(reads.firstLevelHitRate()),
                    EvictionInfo.of(use.evictedForSize()),
                    EvictionInfo.of(use.expired()));
        }
    }

    /**
     * What short memory does to the first level.
     *
     * @param heapUsed part of the old generation that its last collection left; null before the first
     * @param fullWeightBytes what the first level may weigh while memory is free
     * @param shrunk how often it had to give way
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record PressureInfo(
            @Nullable Double heapUsed, long fullWeightBytes, long floorWeightBytes, long shrunk, long grown) {

        static PressureInfo of(Memory memory) {
            return new PressureInfo(
                    orNull(memory.used()), memory.fullWeight(), memory.floorWeight(), memory.shrunk(), memory.grown());
        }
    }

    /** Copies that left, since the node began. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record EvictionInfo(long count, long weightBytes) {

        static EvictionInfo of(Evictions evictions) {
            return new EvictionInfo(evictions.count(), evictions.weight());
        }
    }

    /** How well this node hears of what others change. Its first level is closed while it does not. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record CoherenceInfo(boolean followsLog, long logHeardMillisAgo) {}

    /** This node's answers by what they were. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record ReadsInfo(long l1Hits, long l2Hits, long stale, long negative, long misses, long errors) {

        static ReadsInfo of(Reads reads) {
            return new ReadsInfo(
                    reads.l1Hits(), reads.l2Hits(), reads.stale(), reads.negative(), reads.misses(), reads.errors());
        }
    }
}
