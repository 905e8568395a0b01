package dev.sluice.cache;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.cache.engine.CacheKey;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Keys that are written on one node, each by one client, and read on another all the while. No reader is answered an older
 * version than before, nor one older than it asks for.
 */
final class ObservedKeys implements AutoCloseable {
    private static final int KEYS = 6;
    private static final int READERS = 2;

    private final CacheClient writer;
    private final CacheClient reader;
    private final List<CacheKey> keys;
    private final Map<CacheKey, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicBoolean reading = new AtomicBoolean(true);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> writers = new ArrayList<>();
    private final List<CompletableFuture<Void>> readers = new ArrayList<>();

    ObservedKeys(String tenant, CacheClient writer, CacheClient reader) {
        this.writer = writer;
        this.reader = reader;
        this.keys = IntStream.range(0, KEYS)
                .mapToObj(i -> new CacheKey(tenant, "feed", "observed-" + i))
                .toList();
    }

    List<CacheKey> all() {
        return keys;
    }

    /** Until the node is gone, or it is stopped. */
    void write() {
        writing.set(true);
        keys.forEach(key -> writers.add(CompletableFuture.runAsync(() -> write(key), threads)));
    }

    void read() {
        for (int i = 0; i < READERS; i++) {
            readers.add(CompletableFuture.runAsync(this::readAll, threads));
        }
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        return writes.get();
    }

    /** The last version of a key that was acknowledged, 0 for none. */
    long acknowledged(CacheKey key) {
        return acknowledged.getOrDefault(key, 0L);
    }

    /** Returns when nothing is under way any more. */
    void stopWriting() {
        writing.set(false);
        writers.forEach(CompletableFuture::join);
    }

    /** What the node answers. */
    Answer readNow(CacheKey key) {
        return reader.get(path(key));
    }

    /** Fails when a reader was answered something old. */
    void stopReading() {
        reading.set(false);
        readers.forEach(CompletableFuture::join);
    }

    @Override
    public void close() {
        writing.set(false);
        reading.set(false);
        threads.close();
    }

    private void write(CacheKey key) {
        try {
            for (int i = 0; writing.get(); i++) {
                Answer put = writer.put(path(key), key.key() + ' ' + i, Map.of());
                if (put.status() < 300) {
                    acknowledged.put(key, put.version());
                    writes.incrementAndGet();
                }
            }
        } catch (UncheckedIOException e) {
            // It was killed.
        }
    }

    private void readAll() {
        Map<CacheKey, Long> seen = new HashMap<>();
        while (reading.get()) {
            for (CacheKey key : keys) {
                seen.merge(key, requireNotBefore(seen.getOrDefault(key, 0L), key, reader.get(path(key))), Math::max);
                long known = acknowledged(key);
                if (known > 0) {
                    long _ = requireNotBefore(known, key, reader.getAtLeast(path(key), known));
                }
            }
        }
    }

    private static long requireNotBefore(long known, CacheKey key, Answer answer) {
        // A busy machine may miss Redis' deadline, which is answered 503.
        long version = answer.status() == 503 ? known : answer.version();
        if (version < known) {
            throw new AssertionError("%s was answered %s although %d was known".formatted(key.key(), answer, known));
        }
        return version;
    }

    static String path(CacheKey key) {
        return key.namespace() + "/keys/" + key.key();
    }
}
