package dev.sluice.platform.kafka;

import dev.sluice.schemas.UnencodableRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers entries by key into batches and publishes them, without loss and without ever blocking whoever offers.
 *
 * <p>Offering costs one lock-free enqueue. One thread groups what arrived; a batch leaves after the interval or when it
 * is full. A batch that Kafka did not confirm is tried again, so an entry may be published twice when the answer was
 * lost. When too much is held, the oldest batch is dropped and its entries are counted: at all times
 * offered = published + dropped + held.
 */
public final class BatchingPublisher<K, E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingPublisher.class);
    private static final long RETRY_NANOS = 200_000_000;

    private final String name;
    private final BatchSink<K, E> sink;
    private final BatchLimits limits;
    private final Counter published;
    private final Counter dropped;
    private final Counter retried;
    private final Thread thread;

    private final Queue<Arrival<K, E>> arrivals = new ConcurrentLinkedQueue<>();
    private final Queue<Batch<K, E>> returned = new ConcurrentLinkedQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean closing;
    private volatile boolean closed;

    // Only the thread touches what follows.
    private final Map<K, List<E>> open = new LinkedHashMap<>();
    private final Deque<Batch<K, E>> ready = new ArrayDeque<>();
    private long nextFlush;
    private long notBefore;

    BatchingPublisher(String name, BatchSink<K, E> sink, BatchLimits limits, MeterRegistry meters) {
        this.name = name;
        this.sink = sink;
        this.limits = limits;
        this.published = meters.counter("sluice.kafka.batch.published", "publisher", name);
        this.dropped = meters.counter("sluice.kafka.batch.dropped", "publisher", name);
        this.retried = meters.counter("sluice.kafka.batch.retried", "publisher", name);
        this.thread = Thread.ofPlatform().name(name + "-batches").daemon().unstarted(this::run);
        this.nextFlush = System.nanoTime() + limits.interval().toNanos();
        this.notBefore = System.nanoTime();
    }

    void start() {
        thread.start();
    }

    /** Takes an entry; false, and counted, when it was not taken: after close, or when the thread cannot keep up. */
    public boolean offer(K key, E entry) {
        int count = held.incrementAndGet();
        if (closing || count > 2 * limits.heldEntries()) {
            held.decrementAndGet();
            dropped.increment();
            return false;
        }
        Arrival<K, E> arrival = new Arrival<>(key, entry);
        arrivals.add(arrival);
        if (closed && arrivals.remove(arrival)) {
            held.decrementAndGet();
            dropped.increment();
            return false;
        }
        if (count % limits.batchEntries() == 0) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    /** Entries taken and neither published nor dropped yet. */
    public int held() {
        return held.get();
    }

    /** Publishes what is held, for a bounded time; the rest is dropped and counted. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, Math.max(1, nextFlush - System.nanoTime()));
            guarded(this::step);
        }
        long deadline = System.nanoTime() + limits.closeTimeout().toNanos();
        do {
            guarded(this::drainStep);
            LockSupport.parkNanos(this, 1_000_000);
        } while (held.get() > 0 && System.nanoTime() - deadline < 0);
        closed = true;
        guarded(this::dropAll);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: batching failed and goes on", name, e);
        }
    }

    private void step() {
        takeReturned();
        collect();
        long now = System.nanoTime();
        if (now - nextFlush >= 0) {
            flush();
            nextFlush = now + limits.interval().toNanos();
        }
        dropOldest();
        publish(now);
    }

    private void drainStep() {
        takeReturned();
        collect();
        flush();
        publish(System.nanoTime());
    }

    private void takeReturned() {
        for (Batch<K, E> batch = returned.poll(); batch != null; batch = returned.poll()) {
            ready.addFirst(batch);
            notBefore = System.nanoTime() + RETRY_NANOS;
        }
    }

    private void collect() {
        for (Arrival<K, E> next = arrivals.poll(); next != null; next = arrivals.poll()) {
            List<E> entries = open.computeIfAbsent(next.key, key -> new ArrayList<>());
            entries.add(next.entry);
            if (entries.size() >= limits.batchEntries()) {
                open.remove(next.key);
                ready.addLast(new Batch<>(next.key, entries));
            }
        }
    }

    private void flush() {
        open.forEach((key, entries) -> ready.addLast(new Batch<>(key, entries)));
        open.clear();
    }

    private void dropOldest() {
        int lost = 0;
        while (held.get() > limits.heldEntries() && !ready.isEmpty()) {
            lost += drop(ready.removeFirst());
        }
        if (lost > 0) {
            LOG.warn("{}: dropped {} entries, more than {} were held", name, lost, limits.heldEntries());
        }
    }

    private int drop(Batch<K, E> batch) {
        held.addAndGet(-batch.entries.size());
        dropped.increment(batch.entries.size());
        return batch.entries.size();
    }

    private void publish(long now) {
        while (!ready.isEmpty() && inFlight.get() < limits.inFlight() && now - notBefore >= 0) {
            publish(ready.removeFirst());
        }
    }

    private void publish(Batch<K, E> batch) {
        inFlight.incrementAndGet();
        CompletableFuture<?> result;
        try {
            result = sink.publish(batch.key, batch.entries);
        } catch (RuntimeException | Error e) {
            result = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> _ = result.whenComplete((done, failure) -> settle(batch, failure));
    }

    /** On any thread. */
    private void settle(Batch<K, E> batch, @Nullable Throwable failure) {
        inFlight.decrementAndGet();
        if (failure == null) {
            held.addAndGet(-batch.entries.size());
            published.increment(batch.entries.size());
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof UnencodableRecordException unencodable)) {
            retried.increment();
            returned.add(batch);
            return;
        }
        if (unencodable.oversize() && batch.entries.size() > 1) {
            int half = batch.entries.size() / 2;
            returned.add(new Batch<>(batch.key, List.copyOf(batch.entries.subList(half, batch.entries.size()))));
            returned.add(new Batch<>(batch.key, List.copyOf(batch.entries.subList(0, half))));
            return;
        }
        LOG.warn("{}: dropped {} entries that cannot be encoded", name, drop(batch), cause);
    }

    private void dropAll() {
        takeReturned();
        collect();
        flush();
        int lost = 0;
        while (!ready.isEmpty()) {
            lost += drop(ready.removeFirst());
        }
        if (lost > 0) {
            LOG.warn("{}: dropped {} entries at close", name, lost);
        }
    }

    private record Arrival<K, E>(K key, E entry) {}

    private record Batch<K, E>(K key, List<E> entries) {}
}
