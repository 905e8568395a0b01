package dev.sluice.starter.cache;

import dev.sluice.cache.engine.CacheKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this process was told to remove and has not removed yet: on its way, or overdue because Redis did not answer. Until
 * it is paid, nothing of it is read here. When more is owed than is worth remembering, all of the cache is. Thread-safe.
 */
final class Debts {

    static final int MAX_KEYS = 10_000;

    /** One removal. Each is itself: a later one of the same key is another. */
    static final class Debt {
        private volatile boolean overdue;
    }

    private final Map<CacheKey, Debt> keys = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Debt> everything = new AtomicReference<>();

    /** Whether what the cache says of a key is not to be believed. */
    boolean cover(CacheKey key) {
        return everything.get() != null || (!keys.isEmpty() && keys.containsKey(key));
    }

    Debt owe(CacheKey key) {
        Debt debt = new Debt();
        keys.put(key, debt);
        return debt;
    }

    Debt oweEverything() {
        Debt debt = new Debt();
        everything.set(debt);
        return debt;
    }

    /** What is owed of a key, to be paid by a put that begins now; null for nothing. */
    @Nullable
    Debt of(CacheKey key) {
        return keys.get(key);
    }

    /** Does nothing when a later removal of the key is owed by now. */
    void paid(CacheKey key, @Nullable Debt debt) {
        if (debt != null) {
            boolean _ = keys.remove(key, debt);
        }
    }

    void everythingPaid(Debt debt) {
        boolean _ = everything.compareAndSet(debt, null);
    }

    /** It is to be tried again. */
    void overdue(Debt debt) {
        debt.overdue = true;
        if (keys.size() > MAX_KEYS) {
            oweEverything().overdue = true;
            keys.values().removeIf(one -> one.overdue);
        }
    }

    /** Null when that is not owed, or on its way. */
    @Nullable
    Debt overdueEverything() {
        Debt debt = everything.get();
        return debt != null && debt.overdue ? debt : null;
    }

    List<Map.Entry<CacheKey, Debt>> overdueKeys() {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().overdue)
                .map(Map.Entry::copyOf)
                .toList();
    }

    /** How many removals are owed; that of everything counts as one. */
    int size() {
        return keys.size() + (everything.get() == null ? 0 : 1);
    }
}
