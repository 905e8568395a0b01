package dev.sluice.webhook.reading;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads topics on a thread of its own and never gives up: whatever a consumer dies of, a new one goes on where the last
 * commit was. Made by {@link TopicReaders}.
 */
public final class TopicReader implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

    private final ReaderSettings settings;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Function<ConsumerRecord<byte[], byte[]>, Task> tasks;
    private final PartitionListener partitions;
    private final CompletableFuture<?> startWhen;
    private final InstantSource clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable ReaderLoop current;

    TopicReader(
            ReaderSettings settings,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<ConsumerRecord<byte[], byte[]>, Task> tasks,
            PartitionListener partitions,
            CompletableFuture<?> startWhen,
            InstantSource clock) {
        this.settings = settings;
        this.consumers = consumers;
        this.tasks = tasks;
        this.partitions = partitions;
        this.startWhen = startWhen;
        this.clock = clock;
        thread = Thread.ofPlatform().name(settings.name() + "-reader").unstarted(this::run);
    }

    public String name() {
        return settings.name();
    }

    /** What it waits for, in words; empty when it reads. */
    public String waitingFor() {
        if (!startWhen.isDone()) {
            return "Kafka, the topics and the tables";
        }
        ReaderLoop loop = current;
        return loop != null && loop.joined() ? "" : "consumer group " + settings.group();
    }

    /** Records fetched and not yet committable. */
    public int pending() {
        ReaderLoop loop = current;
        return loop == null ? 0 : loop.pending();
    }

    /** Partitions that are not fetched, because as much as may wait is waiting. */
    public int pausedPartitions() {
        ReaderLoop loop = current;
        return loop == null ? 0 : loop.pausedPartitions();
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        startWhen.cancel(false);
        try {
            thread.join(settings.drain().multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns at once, so that all readers wait for their records together. */
    @Override
    public void stop(Runnable callback) {
        stopping.countDown();
        Thread.ofVirtual().name(settings.name() + "-stop").start(() -> {
            stop();
            callback.run();
        });
    }

    @Override
    public boolean isRunning() {
        return thread.isAlive();
    }

    /** Readers stop before the web server and before what their handlers use. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    private void run() {
        if (!awaitStart()) {
            return;
        }
        while (stopping.getCount() > 0) {
            try {
                readUntilStopped();
            } catch (Throwable e) {
                // An Error must not end the reading either: the process would look healthy and do nothing.
                LOG.error("{} lost its consumer and makes a new one", settings.name(), e);
                pause();
            }
        }
    }

    private boolean awaitStart() {
        try {
            startWhen.get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | java.util.concurrent.CancellationException _) {
            return false;
        }
    }

    private void readUntilStopped() {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            ReaderLoop loop = new ReaderLoop(settings, consumer, tasks, partitions, clock);
            loop.subscribe();
            current = loop;
            while (stopping.getCount() > 0) {
                loop.turn();
            }
            loop.drain();
        } finally {
            current = null;
        }
    }

    private void pause() {
        try {
            boolean _ = stopping.await(PAUSE_AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
