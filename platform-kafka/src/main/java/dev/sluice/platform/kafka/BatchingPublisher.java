package dev.sluice.platform.kafka;

import dev.sluice.schemas.UnencodableRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers entries by key into batches and publishes them, without loss and without ever blocking whoever offers.
 *
 * <p>Offering costs one lock-free enqueue. One thread groups what arrived; a batch leaves after the interval or when it
 * is full. A batch that Kafka did not confirm is tried again, so an entry may be published twice when the answer was
 * lost; later batches of its key wait for it. When too much is held, the oldest batch is dropped and its entries are
 * counted: at all times offered = published + dropped + held. What a source gathers counts from when it is taken from there.
 */
public final class BatchingPublisher<K, E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingPublisher.class);
    private static final long RETRY_NANOS = 200_000_000;
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);

    private final String name;
    private final BatchSink<K, E> sink;
    private final BatchLimits limits;
    private final ToIntFunction<E> weigher;
    private final BatchSource<K, E> source;
    private final Counter published;
    private final Counter dropped;
    private final Counter retried;
    private final Thread thread;

    private final Queue<Arrival<K, E>> arrivals = new ConcurrentLinkedQueue<>();
    private final Queue<Settled<K, E>> settled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean starved;
    private volatile boolean closing;
    private volatile boolean closed;

    // Only the thread touches what follows.
    private final Map<K, Batch<K, E>> open = new LinkedHashMap<>();
    private final Deque<Batch<K, E>> ready = new ArrayDeque<>();
    /** Keys with a batch in flight: one at a time, so that a second try does not overtake what came later. */
    private final Set<K> busy = new HashSet<>();

    private long nextFlush;
    private long notBefore;

    BatchingPublisher(String name, BatchSink<K, E> sink, BatchLimits limits, MeterRegistry meters) {
        this(name, sink, limits, entry -> 1, batch -> {}, meters);
    }

    /** Of entries that count as several, some of which are gathered elsewhere. */
    BatchingPublisher(
            String name,
            BatchSink<K, E> sink,
            BatchLimits limits,
            ToIntFunction<E> weigher,
            BatchSource<K, E> source,
            MeterRegistry meters) {
        this.name = name;
        this.sink = sink;
        this.limits = limits;
        this.weigher = weigher;
        this.source = source;
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
        int weight = weigher.applyAsInt(entry);
        int count = held.addAndGet(weight);
        if (closing || count > 2L * limits.heldEntries()) {
            release(dropped, weight);
            return false;
        }
        Arrival<K, E> arrival = new Arrival<>(key, entry);
        arrivals.add(arrival);
        if (closed && arrivals.remove(arrival)) {
            release(dropped, weight);
            return false;
        }
        if (count % limits.batchEntries() < weight) {
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
            if (!thread.join(limits.closeTimeout().plus(CLOSE_GRACE))) {
                LOG.error("{}: the sink blocks; {} entries are given up", name, held.get());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, Math.max(1, pauseNanos(System.nanoTime())));
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

    private long pauseNanos(long now) {
        boolean paused = !ready.isEmpty() && notBefore - now > 0;
        return paused ? Math.min(notBefore - now, nextFlush - now) : nextFlush - now;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: batching failed and goes on", name, e);
        }
    }

    private void step() {
        collect();
        long now = System.nanoTime();
        if (now - nextFlush >= 0) {
            takeFromSource();
            flush();
            nextFlush = now + limits.interval().toNanos();
        }
        takeSettled();
        dropOldest();
        publish();
    }

    private void drainStep() {
        collect();
        takeFromSource();
        flush();
        takeSettled();
        publish();
    }

    private void takeSettled() {
        for (Settled<K, E> next = settled.poll(); next != null; next = settled.poll()) {
            busy.remove(next.key);
            next.again.reversed().forEach(ready::addFirst);
            if (next.pause) {
                notBefore = System.nanoTime() + RETRY_NANOS;
            }
        }
    }

    private void collect() {
        for (Arrival<K, E> next = arrivals.poll(); next != null; next = arrivals.poll()) {
            add(next.key, next.entry);
        }
    }

    private void takeFromSource() {
        source.takeAll((key, entry) -> {
            held.addAndGet(weigher.applyAsInt(entry));
            add(key, entry);
        });
    }

    private void add(K key, E entry) {
        Batch<K, E> batch = open.computeIfAbsent(key, unseen -> new Batch<>(unseen, new ArrayList<>()));
        batch.entries.add(entry);
        batch.weight += weigher.applyAsInt(entry);
        if (batch.weight >= limits.batchEntries()) {
            open.remove(key);
            ready.addLast(batch);
        }
    }

    private void flush() {
        ready.addAll(open.values());
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
        release(dropped, batch.weight);
        return batch.weight;
    }

    /** Counts first: an entry may be seen twice for a moment, and is never out of sight. */
    private void release(Counter counter, int entries) {
        counter.increment(entries);
        held.addAndGet(-entries);
    }

    private void publish() {
        do {
            takeSettled();
            publishWhatMay();
            starved = !ready.isEmpty();
        } while (!settled.isEmpty());
    }

    private void publishWhatMay() {
        Iterator<Batch<K, E>> candidates = ready.iterator();
        while (System.nanoTime() - notBefore >= 0 && busy.size() < limits.inFlight() && candidates.hasNext()) {
            Batch<K, E> batch = candidates.next();
            if (busy.add(batch.key)) {
                candidates.remove();
                publish(batch);
            }
        }
    }

    private void publish(Batch<K, E> batch) {
        CompletableFuture<?> result;
        try {
            result = sink.publish(batch.key, batch.entries);
        } catch (RuntimeException e) {
            settle(PoisonHandling.isTransient(e) ? again(batch) : withoutCulprit(batch, e));
            return;
        } catch (Error e) {
            LOG.error("{}: a batch could not be made and is tried again", name, e);
            settle(again(batch));
            return;
        }
        CompletableFuture<?> _ = result.whenComplete((done, failure) -> settle(verdict(batch, failure)));
    }

    /** On any thread, as what follows. */
    private Settled<K, E> verdict(Batch<K, E> batch, @Nullable Throwable failure) {
        if (failure == null) {
            release(published, batch.weight);
            return new Settled<>(batch.key, List.of(), false);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof UnencodableRecordException ? withoutCulprit(batch, cause) : again(batch);
    }

    private Settled<K, E> again(Batch<K, E> batch) {
        retried.increment();
        return new Settled<>(batch.key, List.of(batch), true);
    }

    /** Halves a batch that can never be published as it is, until the entry to blame is alone, and drops that. */
    private Settled<K, E> withoutCulprit(Batch<K, E> batch, Throwable cause) {
        int size = batch.entries.size();
        if (size == 1) {
            LOG.warn("{}: dropped an entry that cannot be published: {}", name, cause.toString());
            drop(batch);
            return new Settled<>(batch.key, List.of(), false);
        }
        Batch<K, E> first = part(batch, 0, size / 2);
        Batch<K, E> second = part(batch, size / 2, size);
        return new Settled<>(batch.key, List.of(first, second), false);
    }

    private Batch<K, E> part(Batch<K, E> batch, int from, int to) {
        Batch<K, E> part = new Batch<>(batch.key, List.copyOf(batch.entries.subList(from, to)));
        part.weight = part.entries.stream().mapToInt(weigher).sum();
        return part;
    }

    private void settle(Settled<K, E> verdict) {
        settled.add(verdict);
        if (closed && settled.remove(verdict)) {
            verdict.again.forEach(this::drop);
        }
        if (starved || !verdict.again.isEmpty()) {
            LockSupport.unpark(thread);
        }
    }

    private void dropAll() {
        takeSettled();
        collect();
        takeFromSource();
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

    private static final class Batch<K, E> {
        final K key;
        final List<E> entries;
        int weight;

        Batch(K key, List<E> entries) {
            this.key = key;
            this.entries = entries;
        }
    }

    /** What became of a batch in flight: whether something is left to publish, and whether to wait before that. */
    private record Settled<K, E>(K key, List<Batch<K, E>> again, boolean pause) {}
}
