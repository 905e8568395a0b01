package dev.sluice.platform.web;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.context.SmartLifecycle;

/**
 * Writes the access log on a thread of its own, on the logger named access: an event loop that waits for the file, or for
 * another one that writes, keeps all its connections waiting. Lines that nobody gets to write are dropped and counted.
 * Thread-safe.
 */
final class AccessLog implements SmartLifecycle {

    static final int MOST_WAITING = 20_000;

    private static final Logger LOGGER = AccessLineEncoder.logger();
    private static final int MOST_FIELDS = 9;
    private static final long PAUSE_MILLIS = 50;
    private static final int BUFFER_BYTES = 64 * 1024;

    /**
     * One request.
     *
     * @param path without secrets
     * @param route the pattern it came by; null when there is none
     * @param tenant whose key it came with, and {@code keyId}; null when that is not known
     */
    record Line(
            Instant at,
            String method,
            String path,
            int status,
            long durationNanos,
            String requestId,
            String traceId,
            @Nullable String route,
            @Nullable String tenant,
            @Nullable String keyId) {

        /** Which fields a line has. */
        enum Shape {
            PLAIN,
            ROUTED,
            KNOWN,
            ROUTED_AND_KNOWN;

            /** The line with the fields of this shape alone. */
            Line of(Line full) {
                boolean routed = this == ROUTED || this == ROUTED_AND_KNOWN;
                boolean known = this == KNOWN || this == ROUTED_AND_KNOWN;
                return new Line(
                        full.at,
                        full.method,
                        full.path,
                        full.status,
                        full.durationNanos,
                        full.requestId,
                        full.traceId,
                        routed ? full.route : null,
                        known ? full.tenant : null,
                        known ? full.keyId : null);
            }
        }

        Shape shape() {
            if (tenant == null) {
                return route == null ? Shape.PLAIN : Shape.ROUTED;
            }
            return route == null ? Shape.KNOWN : Shape.ROUTED_AND_KNOWN;
        }

        /** Values stand in fields of their own, which the formatter escapes: nothing that was sent can forge a line. */
        List<KeyValuePair> fields() {
            List<KeyValuePair> fields = new ArrayList<>(MOST_FIELDS);
            fields.add(new KeyValuePair("http.request.method", method));
            fields.add(new KeyValuePair("url.path", path));
            fields.add(new KeyValuePair("http.response.status_code", status));
            fields.add(new KeyValuePair("event.duration", durationNanos));
            fields.add(new KeyValuePair("http.request.id", requestId));
            fields.add(new KeyValuePair("trace.id", traceId));
            if (route != null) {
                fields.add(new KeyValuePair("http.route", route));
            }
            if (tenant != null) {
                fields.add(new KeyValuePair("tenant", tenant));
                fields.add(new KeyValuePair("key.id", keyId));
            }
            return fields;
        }
    }

    private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final Counter dropped;
    private volatile @Nullable ScheduledExecutorService writer;

    AccessLog(MeterRegistry meters) {
        this.dropped = Counter.builder("sluice.access.log.dropped")
                .description("Lines of the access log that came faster than they could be written")
                .register(meters);
    }

    boolean isWanted() {
        return LOGGER.isInfoEnabled();
    }

    void add(Line line) {
        if (length.incrementAndGet() > MOST_WAITING) {
            length.decrementAndGet();
            dropped.increment();
            return;
        }
        waiting.add(line);
    }

    /** Writes what waits. */
    synchronized void write() {
        Line line = waiting.poll();
        if (line == null) {
            return;
        }
        List<OutputStreamAppender<?>> files = filesFlushedAtEachLine();
        files.forEach(file -> file.setImmediateFlush(false));
        while (line != null) {
            length.decrementAndGet();
            Line next = waiting.poll();
            if (next == null) {
                files.forEach(file -> file.setImmediateFlush(true));
            }
            LOGGER.callAppenders(AccessLineEncoder.event(line));
            line = next;
        }
    }

    /** A call of the kernel for each line costs as much as making the line; one for what waits is enough. */
    private static List<OutputStreamAppender<?>> filesFlushedAtEachLine() {
        List<OutputStreamAppender<?>> files = new ArrayList<>();
        Logger root = LOGGER.getLoggerContext().getLogger(Logger.ROOT_LOGGER_NAME);
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<ILoggingEvent> file) {
                encodeByTemplate(file);
                buffer(file);
                if (file.isImmediateFlush()) {
                    files.add(file);
                }
            }
        });
        return files;
    }

    private static void encodeByTemplate(OutputStreamAppender<ILoggingEvent> file) {
        if (file.getEncoder() instanceof StructuredLogEncoder structured) {
            AccessLineEncoder encoder = new AccessLineEncoder(structured);
            encoder.setContext(file.getContext());
            encoder.start();
            file.setEncoder(encoder);
        }
    }

    /** The standard output has so small a buffer of its own that each line is a call. A buffer parts no line from its end. */
    private static void buffer(OutputStreamAppender<ILoggingEvent> file) {
        if (file instanceof ConsoleAppender<ILoggingEvent>
                && !(file.getOutputStream() instanceof BufferedOutputStream)) {
            file.setOutputStream(new BufferedOutputStream(file.getOutputStream(), BUFFER_BYTES));
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("access-log").factory());
        Future<?> ignored =
                started.scheduleWithFixedDelay(this::write, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        writer = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = writer;
        if (started != null) {
            started.shutdown();
            writer = null;
        }
        write();
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** Ends after the server, whose last requests have a line too. */
    @Override
    public int getPhase() {
        return 0;
    }
}
