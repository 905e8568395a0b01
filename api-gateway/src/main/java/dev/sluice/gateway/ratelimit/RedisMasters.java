package dev.sluice.gateway.ratelimit;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Who holds which keys: each master of a Redis Cluster a part of them, a single Redis all. Thread-safe. */
final class RedisMasters {

    private static final String ONLY = "redis";

    private final ReactiveRedisConnectionFactory connections;
    private final Map<Integer, String> tags = new ConcurrentHashMap<>();

    RedisMasters(ReactiveRedisConnectionFactory connections) {
        this.connections = connections;
    }

    /** A name of who holds a key, as far as this gateway knows. To be asked once there is a connection: before, it waits for one. */
    String holderOf(String key) {
        Partitions partitions = partitions();
        if (partitions == null) {
            return ONLY;
        }
        RedisClusterNode master = partitions.getMasterBySlot(SlotHash.getSlot(key));
        return master == null ? ONLY : master.getNodeId();
    }

    /** One key for each master, that it holds; the key itself for a single Redis. */
    List<String> onEach(String key) {
        Partitions partitions = partitions();
        if (partitions == null) {
            return List.of(key);
        }
        Map<String, Integer> slots = new TreeMap<>();
        for (int slot = 0; slot < SlotHash.SLOT_COUNT; slot++) {
            RedisClusterNode master = partitions.getMasterBySlot(slot);
            if (master != null) {
                slots.merge(master.getNodeId(), slot, (one, other) -> preferred(master.getNodeId(), one, other));
            }
        }
        return slots.values().stream()
                .map(slot -> key + ":{" + tags.computeIfAbsent(slot, RedisMasters::tagOf) + "}")
                .toList();
    }

    /**
     * The same for all gateways, and for as long as the master keeps that slot: of thousands, others come and go. (Highest random weight:
     * Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998.)
     */
    private static int preferred(String master, int one, int other) {
        return weight(master, one) >= weight(master, other) ? one : other;
    }

    private static int weight(String master, int slot) {
        // The finalizer of MurmurHash3.
        int mixed = master.hashCode() + slot;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }

    /** A text that hashes to the slot; found by trial, 16,384 on average. */
    private static String tagOf(int slot) {
        int number = 0;
        while (SlotHash.getSlot(Integer.toString(number)) != slot) {
            number++;
        }
        return Integer.toString(number);
    }

    private @Nullable Partitions partitions() {
        return connections instanceof LettuceConnectionFactory lettuce
                        && lettuce.getNativeClient() instanceof RedisClusterClient cluster
                ? cluster.getPartitions()
                : null;
    }
}
