package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventLogReader.Past;
import dev.sluice.gateway.stream.EventStream.Stretch;
import dev.sluice.platform.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A few threads that read the past for all streams in turn, a stretch each, so that many clients that catch up cost no more
 * memory or threads than a few do. Thread-safe; never blocks the caller.
 */
final class EventLogReaders implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLogReaders.class);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration AFTER_NOTHING = Duration.ofMillis(100);

    /** A stretch is small; more than this fetched ahead would be thrown away with the next seek. */
    private static final int FETCH_BYTES = 256 * 1024;

    /**
     * A fetch that is under way at the end of the log keeps the next one, after a seek, waiting for as long as it may wait for
     * records: half a second as Kafka has it, at each stretch.
     */
    private static final int FETCH_WAIT_MILLIS = 5;

    private final Supplier<EventLogReader> opening;
    private final StreamBounds bounds;
    private final ScheduledThreadPoolExecutor threads;
    private final Queue<EventLogReader> idle = new ConcurrentLinkedQueue<>();

    EventLogReaders(KafkaClients kafka, StreamBounds bounds, int count) {
        this(() -> open(kafka), bounds, count);
    }

    EventLogReaders(Supplier<EventLogReader> opening, StreamBounds bounds, int count) {
        this.opening = opening;
        this.bounds = bounds;
        this.threads = new ScheduledThreadPoolExecutor(
                count, Thread.ofPlatform().daemon().name("stream-past-", 0).factory());
    }

    /** Asks the log something, on one of the threads. */
    <T> Mono<T> ask(Function<EventLogReader, T> question) {
        return Mono.create(sink -> {
            Future<?> asked = threads.submit(() -> {
                try {
                    sink.success(with(question));
                } catch (Exception | Error e) {
                    sink.error(e);
                }
            });
            sink.onCancel(() -> asked.cancel(false));
        });
    }

    /** Reads on for a stream, again and again, until it hears what comes or has no room for more. */
    void readFor(EventStream stream) {
        readFor(stream, Duration.ZERO);
    }

    private void readFor(EventStream stream, Duration wait) {
        try {
            Future<?> ignored = threads.schedule(() -> readStretch(stream), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The gateway shuts down, and its streams end.
        }
    }

    private void readStretch(EventStream stream) {
        Optional<Stretch> wanted = stream.startReading();
        if (wanted.isEmpty()) {
            return;
        }
        Stretch stretch = wanted.get();
        Past past;
        try {
            past = with(reader -> reader.read(
                    stream.tenant(),
                    stream.filter(),
                    stretch,
                    Math.max(1, bounds.maxEvents() / EventStream.PAST_PART),
                    bounds.maxBytes() / EventStream.PAST_PART));
        } catch (Exception | Error e) {
            // An Error too: nobody else would see it, and the stream would wait for ever for what is not being read.
            stream.failReading();
            LOG.warn("the past of events cannot be read; it is tried again", e);
            readFor(stream, AFTER_FAILURE);
            return;
        }
        stream.endReading(past.events(), past.end());
        readFor(stream, past.end().equals(stretch.from()) ? AFTER_NOTHING : Duration.ZERO);
    }

    private <T> T with(Function<EventLogReader, T> question) {
        EventLogReader reader = idle.poll();
        if (reader == null) {
            reader = opening.get();
        }
        try {
            T answer = question.apply(reader);
            idle.add(reader);
            return answer;
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    private static EventLogReader open(KafkaClients kafka) {
        Map<String, Object> settings = kafka.consumerProperties(null);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "stream-past");
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        return new EventLogReader(
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        idle.forEach(EventLogReader::close);
    }
}
