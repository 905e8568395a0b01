package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.UndecodableRecordException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads partitions again for endpoints that are behind, on a thread of its own, with a consumer that commits nothing. */
final class CatchUp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long TICK_MILLIS = 250;
    /** Between two looks for what to read: each goes through all that are behind. */
    private static final long PAUSE_MILLIS = 10;

    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;

    private final KafkaClients clients;
    private final String topic;
    private final Cursors cursors;
    private final WaitLimit waitLimit;
    private final RecordDecoder<WebhookDelivery> decoder = RecordDecoder.of(WebhookDelivery.class);
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().name("webhook-catch-up").unstarted(this::run);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private long tickedNanos = System.nanoTime();

    CatchUp(KafkaClients clients, String topic, Cursors cursors, WaitLimit waitLimit) {
        this.clients = clients;
        this.topic = topic;
        this.cursors = cursors;
        this.waitLimit = waitLimit;
        cursors.onWake(wakes::release);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        wakes.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread.isAlive();
    }

    /** After the readers, which need nothing of it to end, and before what deliveries need. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }

    private void run() {
        while (stopping.getCount() > 0) {
            try {
                readWhenever();
            } catch (Exception | Error e) {
                // Whatever it died of, another one goes on: the process would look healthy and leave endpoints behind.
                LOG.error("catching up failed and goes on with a new consumer", e);
                pause(PAUSE_AFTER_FAILURE_MILLIS);
            }
        }
    }

    /** With a consumer from the first time on that there is something to read. */
    private void readWhenever() {
        Optional<Scans.Scan> scan = awaitScan();
        if (scan.isEmpty()) {
            return;
        }
        try (Consumer<String, byte[]> consumer = newConsumer(scan.get())) {
            Rereads rereads = new Rereads(consumer, topic);
            while (scan.isPresent()) {
                read(rereads, scan.get());
                scan = awaitScan();
            }
        }
    }

    private Consumer<String, byte[]> newConsumer(Scans.Scan scan) {
        try {
            return clients.newSeekingConsumer("webhook-catch-up", new ByteArrayDeserializer());
        } catch (RuntimeException e) {
            cursors.scans().scanned(scan, scan.from());
            throw e;
        }
    }

    /** Empty at the end of the process. */
    private Optional<Scans.Scan> awaitScan() {
        while (stopping.getCount() > 0) {
            tickNowAndThen();
            waitLimit.lookNowAndThen(cursors.scans());
            Optional<Scans.Scan> scan = cursors.scans().next();
            if (scan.isPresent()) {
                return scan;
            }
            pause();
        }
        return Optional.empty();
    }

    private void tickNowAndThen() {
        if (System.nanoTime() - tickedNanos >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            tickedNanos = System.nanoTime();
            cursors.tick();
        }
    }

    private void read(Rereads rereads, Scans.Scan scan) {
        long to = scan.from();
        try {
            Rereads.Part part = rereads.at(scan.partition(), scan.from());
            for (ConsumerRecord<String, byte[]> record : part.records()) {
                if (record.offset() >= scan.from()
                        && record.offset() < scan.until()
                        && cursors.scans().wants(scan, record.offset(), record.key())) {
                    take(scan, record);
                }
            }
            to = Math.min(scan.until(), part.to());
        } finally {
            cursors.scans().scanned(scan, to);
        }
    }

    private void take(Scans.Scan scan, ConsumerRecord<String, byte[]> record) {
        try {
            byte[] value = record.value() == null ? new byte[0] : record.value();
            cursors.scans().found(Job.read(decoder.decode(value), scan.partition(), record.offset()));
        } catch (UndecodableRecordException e) {
            LOG.warn("passes over {}@{}, which the reader has kept as poison: {}", topic, record.offset(), e.reason());
        }
    }

    private void pause() {
        pause(PAUSE_MILLIS);
        try {
            boolean _ = wakes.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
            wakes.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause(long millis) {
        try {
            boolean _ = stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
