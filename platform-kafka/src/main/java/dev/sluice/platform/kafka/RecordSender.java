package dev.sluice.platform.kafka;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands records to one Kafka producer on a thread of its own, because {@link Producer#send} may block for metadata or
 * buffer space. Bounded in records, bytes and time; what does not fit is refused at once. Records leave in the order in
 * which they came. The producer is made at the first record, since making it fails while Kafka's name is unknown.
 */
final class RecordSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final BlockingQueue<Waiting> queue;
    private final Duration gathering;
    private final long maxBytes;
    private final long queueNanos;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;
    private @Nullable Producer<byte[], byte[]> producer;

    /** One that hands on at once. */
    RecordSender(String name, Supplier<Producer<byte[], byte[]>> producers, PlatformKafkaProperties properties) {
        this(name, Duration.ZERO, producers, properties);
    }

    /**
     * One that lets records gather: waking a thread and a request of the producer for each cost more than what they carry.
     *
     * @param name names its thread
     * @param gathering how long they may wait for each other
     */
    RecordSender(
            String name,
            Duration gathering,
            Supplier<Producer<byte[], byte[]>> producers,
            PlatformKafkaProperties properties) {
        this.producers = producers;
        this.gathering = gathering;
        this.queue = new LinkedBlockingQueue<>(properties.queuedRecords());
        this.maxBytes = properties.queuedBytes().toBytes();
        this.queueNanos = properties.queueTime().toNanos();
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Never blocks. The future fails with {@link PublisherOverloadedException} or {@link PublishFailedException}; it
     * completes on the producer's thread, which must not be held up.
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        if (closed) {
            return CompletableFuture.failedFuture(new PublishFailedException("the publisher is closed"));
        }
        Waiting waiting = new Waiting(record, sizeOf(record), System.nanoTime(), new CompletableFuture<>());
        if (queuedBytes.addAndGet(waiting.bytes) > maxBytes || !queue.offer(waiting)) {
            queuedBytes.addAndGet(-waiting.bytes);
            return CompletableFuture.failedFuture(
                    new PublisherOverloadedException("too many records wait to be published"));
        }
        if (closed && queue.remove(waiting)) {
            waiting.fail(new PublishFailedException("the publisher is closed"));
        }
        return waiting.result;
    }

    /** Sends what waits, for a bounded time, and fails the rest. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        failAll();
    }

    private void run() {
        try {
            while (!closed || !queue.isEmpty()) {
                Waiting next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    queuedBytes.addAndGet(-next.bytes);
                    handOver(next);
                    gather();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (producer != null) {
                producer.close(CLOSE_TIMEOUT.dividedBy(2));
            }
        }
    }

    /** Until there is much to hand on in one go, or no more will come. */
    private void gather() throws InterruptedException {
        if (gathering.isPositive() && queue.isEmpty()) {
            boolean _ = closing.await(gathering.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void handOver(Waiting waiting) {
        if (System.nanoTime() - waiting.since > queueNanos) {
            waiting.fail(new PublishFailedException("Kafka took no records for too long"));
            return;
        }
        try {
            Future<RecordMetadata> _ = producer().send(waiting.record, (metadata, failure) -> {
                if (failure == null) {
                    waiting.result.complete(metadata);
                    return;
                }
                waiting.fail(failure);
            });
        } catch (Exception | Error e) {
            // Errors too: without this thread nothing would ever be published again.
            LOG.debug("Kafka did not take a record", e);
            waiting.fail(e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
        }
        return current;
    }

    private void failAll() {
        for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(new PublishFailedException("the publisher was closed first"));
        }
    }

    private static long sizeOf(ProducerRecord<byte[], byte[]> record) {
        long size = lengthOf(record.key()) + lengthOf(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + lengthOf(header.value());
        }
        return size;
    }

    private static long lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private record Waiting(
            ProducerRecord<byte[], byte[]> record, long bytes, long since, CompletableFuture<RecordMetadata> result) {

        void fail(Throwable failure) {
            result.completeExceptionally(
                    failure instanceof PublishFailedException
                            ? failure
                            : new PublishFailedException("Kafka did not confirm the record", failure));
        }
    }
}
