package dev.sluice.platform.web;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.springframework.context.SmartLifecycle;

/**
 * Writes the access log on a thread of its own, on the logger named access: an event loop that waits for the file, or for
 * another one that writes, keeps all its connections waiting. Lines that nobody gets to write are dropped and counted.
 * Thread-safe.
 */
final class AccessLog implements SmartLifecycle {

    static final int MOST_WAITING = 20_000;

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("access");
    private static final long PAUSE_MILLIS = 50;

    /** One request. */
    record Line(Instant at, List<KeyValuePair> fields) {}

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
            write(line);
            line = next;
        }
    }

    private static void write(Line line) {
        LoggingEvent event = new LoggingEvent(AccessLog.class.getName(), LOGGER, Level.INFO, "request", null, null);
        event.setInstant(line.at());
        event.setKeyValuePairs(line.fields());
        LOGGER.callAppenders(event);
    }

    /** A call of the kernel for each line costs as much as making the line; one for what waits is enough. */
    private static List<OutputStreamAppender<?>> filesFlushedAtEachLine() {
        List<OutputStreamAppender<?>> files = new ArrayList<>();
        Logger root = LOGGER.getLoggerContext().getLogger(Logger.ROOT_LOGGER_NAME);
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<?> file && file.isImmediateFlush()) {
                files.add(file);
            }
        });
        return files;
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
