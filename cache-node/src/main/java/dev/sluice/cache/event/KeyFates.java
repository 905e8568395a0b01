package dev.sluice.cache.event;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What became last of each key, as far as this node has heard: it says why a value that is missed is not there. Fed by the node's own
 * changes and by what it reads from the second level, and by the log of what other nodes have changed. Thread-safe; nothing blocks for
 * longer than it takes to look at eight places.
 *
 * <p>Design: a set-associative table, as caches of processors are, of three numbers a key: its hash, version and kind of its last change, until
 * when the value is fresh. A key has eight places; where all are taken the one whose change is oldest goes. So it is bounded, and a key that
 * is forgotten is missed as one that nobody has ever put. A miss that makes its value is judged by what was there before that value, however
 * soon the log tells of it.
 */
public final class KeyFates {

    private static final int WAYS = 8;
    private static final int COLUMNS = 3;
    private static final int STRIPES = 64;

    /** Versions are below 2 to the power of this: what a Lua number holds exactly. */
    private static final int VERSION_BITS = 53;

    private static final int BEFORE_SHIFT = VERSION_BITS + 2;
    private static final long VERSION_MASK = (1L << VERSION_BITS) - 1;

    /** Other nodes' clocks may differ by as much. */
    private static final long CLOCKS_DIFFER_MILLIS = Duration.ofSeconds(1).toMillis();

    /** More namespaces than this are not remembered as purged. */
    private static final int MAX_PURGED = 10_000;

    private static final MissClass[] CLASSES = MissClass.values();
    private static final Kind[] KINDS = Kind.values();

    private final int buckets;
    private final Object[] locks = new Object[STRIPES];
    private final Map<String, Long> purges = new ConcurrentHashMap<>();
    private volatile long @Nullable [] cells;

    private enum Kind {
        STORED,
        REMOVED,
        /** Nobody says how. */
        CHANGED
    }

    /** @param keys how many are remembered, about */
    public KeyFates(int keys) {
        this.buckets = Integer.highestOneBit(Math.max(1, keys / WAYS));
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new Object();
        }
    }

    /** A value is there in that version, on whatever node it was put. */
    public void stored(CacheKey key, CacheEntry entry) {
        stored(key, entry.version(), freshUntilMillis(entry));
    }

    public void stored(CacheKey key, long version, long freshUntilMillis) {
        change(key, KeyHash.of(key), version, Kind.STORED, freshUntilMillis);
    }

    public void removed(CacheKey key, long version) {
        change(key, KeyHash.of(key), version, Kind.REMOVED, 0);
    }

    /** As an older node tells of it, or one that does not know itself. */
    public void changed(CacheKey key, long version) {
        change(key, KeyHash.of(key), version, Kind.CHANGED, 0);
    }

    /** Something in a namespace that was stored before that number was purged; which of it is not looked at. */
    public void purged(String tenant, String namespace, long number) {
        String name = scope(tenant, namespace);
        if (purges.containsKey(name) || purges.size() < MAX_PURGED) {
            purges.merge(name, number, Math::max);
        }
    }

    /** Until when an entry answers reads for sure: one that ends when it is idle may end as soon as that. */
    public static long freshUntilMillis(CacheEntry entry) {
        Duration idle = entry.lifetime().idle();
        boolean endsEarlier =
                entry.lifetime().endsIdle() && idle.compareTo(entry.lifetime().fresh()) < 0;
        return (endsEarlier ? entry.storedAt().plus(idle) : entry.expiresAt()).toEpochMilli();
    }

    /**
     * Why a key is missed.
     *
     * @param begun about when the read began, as a version: of what was changed since then, what was before counts, since the read itself may
     *     have made it
     */
    MissClass ofMiss(CacheKey key, long hash, long begun, long nowMillis) {
        long[] table = cells;
        if (table == null) {
            return MissClass.COLD;
        }
        synchronized (lockOf(hash)) {
            int cell = find(table, hash);
            if (cell < 0) {
                return MissClass.COLD;
            }
            return versionOf(table[cell + 1]) >= begun
                    ? CLASSES[(int) (table[cell + 1] >>> BEFORE_SHIFT)]
                    : classOf(table, cell, key, nowMillis);
        }
    }

    @SuppressWarnings("EnumOrdinal") // never leaves this process
    private void change(CacheKey key, long hash, long version, Kind kind, long freshUntilMillis) {
        long[] table = table();
        long known = version & VERSION_MASK;
        synchronized (lockOf(hash)) {
            int cell = find(table, hash);
            if (cell >= 0 && versionOf(table[cell + 1]) >= known) {
                return;
            }
            // Versions are microseconds since 1970, so what a read just before the change would have found can be said.
            MissClass before = cell < 0 ? MissClass.COLD : classOf(table, cell, key, known / 1000);
            int place = cell < 0 ? oldest(table, hash) : cell;
            table[place] = hash;
            table[place + 1] = (long) before.ordinal() << BEFORE_SHIFT | (long) kind.ordinal() << VERSION_BITS | known;
            table[place + 2] = freshUntilMillis;
        }
    }

    private MissClass classOf(long[] table, int cell, CacheKey key, long nowMillis) {
        return switch (KINDS[(int) (table[cell + 1] >>> VERSION_BITS) & 3]) {
            case REMOVED -> MissClass.INVALIDATED;
            case CHANGED -> MissClass.UNKNOWN;
            case STORED -> {
                if (nowMillis >= table[cell + 2] - CLOCKS_DIFFER_MILLIS) {
                    yield MissClass.EXPIRED;
                }
                Long purged = purges.get(scope(key.tenant(), key.namespace()));
                yield purged != null && purged > versionOf(table[cell + 1]) ? MissClass.INVALIDATED : MissClass.EVICTED;
            }
        };
    }

    /** Where a key is; −1 when it is not. A free place has version 0, which no change has. */
    private int find(long[] table, long hash) {
        int first = bucketOf(hash);
        for (int cell = first; cell < first + WAYS * COLUMNS; cell += COLUMNS) {
            if (table[cell] == hash && table[cell + 1] != 0) {
                return cell;
            }
        }
        return -1;
    }

    private int oldest(long[] table, long hash) {
        int first = bucketOf(hash);
        int oldest = first;
        for (int cell = first; cell < first + WAYS * COLUMNS; cell += COLUMNS) {
            if (versionOf(table[cell + 1]) < versionOf(table[oldest + 1])) {
                oldest = cell;
            }
        }
        return oldest;
    }

    private int bucketOf(long hash) {
        return (int) (hash & (buckets - 1)) * WAYS * COLUMNS;
    }

    private Object lockOf(long hash) {
        return locks[(int) (hash & (buckets - 1)) & (STRIPES - 1)];
    }

    private static long versionOf(long cell) {
        return cell & VERSION_MASK;
    }

    private static String scope(String tenant, String namespace) {
        return tenant + '|' + namespace;
    }

    /** Made when it is needed first: many processes have a cache and never change it. */
    private long[] table() {
        long[] table = cells;
        return table == null ? newTable() : table;
    }

    private synchronized long[] newTable() {
        long[] table = cells;
        if (table == null) {
            table = new long[buckets * WAYS * COLUMNS];
            cells = table;
        }
        return table;
    }
}
