package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheKey;

/**
 * A hash of tenant, namespace and key, the same on every node and in every release, so that samples of keys agree.
 *
 * <p>FNV-1a of 64 bits over the UTF-16 code units, NUL between the parts (draft-eastlake-fnv), then the finalizer of
 * MurmurHash3, since the high bits of FNV mix poorly for short input. Not for security: collisions can be made. Pure.
 */
public final class KeyHash {

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private KeyHash() {}

    public static long of(CacheKey key) {
        long hash = add(OFFSET_BASIS, key.tenant());
        hash = add(separate(hash), key.namespace());
        return mix(add(separate(hash), key.key()));
    }

    private static long add(long hash, String text) {
        long sum = hash;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            sum = (sum ^ (c & 0xff)) * PRIME;
            sum = (sum ^ (c >>> 8)) * PRIME;
        }
        return sum;
    }

    private static long separate(long hash) {
        return hash * PRIME * PRIME;
    }

    private static long mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
