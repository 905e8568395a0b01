package dev.sluice.gateway.apikey;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** All API keys in memory, by id, with the hashes of their secrets. Thread-safe. */
public final class ApiKeyTable {

    /** What its offsets are known by to other gateways. */
    static final String NAME = Topics.API_KEYS.name();

    private static final KeyVerdict REFUSED = new KeyVerdict.Refused();
    private static final KeyVerdict LOADING = new KeyVerdict.Loading();
    private static final int HASH_BYTES = 32;
    /** Compared with when there is no such key, so that unknown keys take as long as known ones. */
    private static final byte[] NO_HASH = new byte[HASH_BYTES];

    private final LogTable<ApiKey> table;
    private final Map<String, KnownKey> known = new ConcurrentHashMap<>();
    private final List<LongConsumer> appliedListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> changeListeners = new CopyOnWriteArrayList<>();
    private volatile long applied = -1;
    private volatile KeyUseListener useListener = (id, minute) -> {};
    private volatile boolean seeded;

    ApiKeyTable(LogTable<ApiKey> table) {
        this.table = table;
        table.onChange((id, before, after) -> apply(id, after));
    }

    static ApiKeyTable over(LogTables tables) {
        return new ApiKeyTable(tables.of(Topics.API_KEYS));
    }

    /** Whether a presented key may be used now. Takes the same time for a wrong secret and an unknown key. */
    public KeyVerdict verify(ApiKeyText presented, Instant now) {
        if (!ready()) {
            return LOADING;
        }
        KnownKey key = known.get(presented.id());
        boolean same = MessageDigest.isEqual(presented.hash(), key == null ? NO_HASH : key.hash);
        if (key == null || !same || !key.usable(now)) {
            return REFUSED;
        }
        long minute = KeyUses.minuteOf(now);
        if (key.firstUseIn(minute)) {
            useListener.firstUse(presented.id(), minute);
        }
        return key.accepted;
    }

    /** Whether every key of the log is known, the first one included. */
    public boolean ready() {
        return seeded && table.ready();
    }

    /** What a key may do now, by its id; empty when it may not be used, or is not there. */
    public Optional<KeyVerdict.Accepted> standingOf(String id, Instant now) {
        KnownKey key = known.get(id);
        return key == null || !key.usable(now) ? Optional.empty() : Optional.of(key.accepted);
    }

    /** Tells a listener the id of every key that changes, on the table's thread, after the change is in force. */
    public void onChange(Consumer<String> listener) {
        changeListeners.add(listener);
    }

    public Optional<ApiKey> find(String id) {
        return table.find(id);
    }

    CompletableFuture<Void> whenLoaded() {
        return table.whenReady();
    }

    /** The first key is there, or none was wanted: from now on an unknown key is a wrong one. */
    void markSeeded() {
        seeded = true;
    }

    Optional<Versioned<ApiKey>> findVersioned(String id) {
        return table.findVersioned(id);
    }

    Collection<Versioned<ApiKey>> entries() {
        return table.entries();
    }

    /** Writes a key that must not be there yet. */
    CompletableFuture<Versioned<ApiKey>> create(ApiKey key) {
        return table.put(key.getId(), key, LogTable.ABSENT);
    }

    CompletableFuture<Versioned<ApiKey>> replace(ApiKey key, long expectedVersion) {
        return table.put(key.getId(), key, expectedVersion);
    }

    /** Forgets a key; its id is unknown from then on. */
    CompletableFuture<Void> remove(String id, long expectedVersion) {
        return table.remove(id, expectedVersion);
    }

    /** Tells a listener up to which offset this gateway has applied the log, now and after every change. */
    void onApplied(LongConsumer listener) {
        appliedListeners.add(listener);
        listener.accept(applied);
    }

    /** Tells one listener of keys in use, once a minute each. */
    void onUse(KeyUseListener listener) {
        useListener = listener;
    }

    private void apply(String id, @Nullable ApiKey after) {
        if (after == null) {
            known.remove(id);
            changeListeners.forEach(listener -> listener.accept(id));
            return;
        }
        known.put(id, new KnownKey(after));
        changeListeners.forEach(listener -> listener.accept(id));
        table.findVersioned(id).ifPresent(entry -> advance(entry.version()));
    }

    /** Only the thread of the table comes here. */
    private void advance(long version) {
        if (version > applied) {
            applied = version;
            appliedListeners.forEach(listener -> listener.accept(version));
        }
    }

    /** What verifying needs of a key, prepared once a change and not once a request. */
    private static final class KnownKey {
        private final byte[] hash;
        private final ApiKeyStatus status;
        private final @Nullable Instant expiresAt;
        private final KeyVerdict.Accepted accepted;
        /** Of the last use that was told; a changed key tells once more. */
        private volatile long usedMinute = Long.MIN_VALUE;

        KnownKey(ApiKey key) {
            ByteBuffer stored = key.getHash().duplicate();
            this.hash = new byte[stored.remaining()];
            stored.get(hash);
            this.status = key.getStatus();
            this.expiresAt = key.getExpiresAt();
            this.accepted = new KeyVerdict.Accepted(key.getId(), key.getTenant(), Set.copyOf(key.getScopes()));
        }

        /** A read for all but the first use in a minute; two at once may both be the first. */
        boolean firstUseIn(long minute) {
            if (minute <= usedMinute) {
                return false;
            }
            usedMinute = minute;
            return true;
        }

        boolean usable(Instant now) {
            return status == ApiKeyStatus.ACTIVE && (expiresAt == null || now.isBefore(expiresAt));
        }
    }
}
