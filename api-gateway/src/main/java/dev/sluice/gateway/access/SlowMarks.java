package dev.sluice.gateway.access;

import dev.sluice.gateway.access.AccessPublisher.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Counts requests whose answer took long to begin, and writes down where their time went. How long an answer then takes to
 * be read is its reader's affair: a stream of events is not slow. Thread-safe.
 */
final class SlowMarks {

    private static final Logger LOG = LoggerFactory.getLogger(SlowMarks.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private record Mark(long nanos, Counter counter) {}

    private final List<Mark> marks;
    private final int warningsPerSecond;
    private final LongSupplier nanoTime;
    private final AtomicLong secondBegan;
    private final AtomicLong inSecond = new AtomicLong();

    SlowMarks(List<Duration> ascending, int warningsPerSecond, LongSupplier nanoTime, MeterRegistry meters) {
        this.marks = ascending.stream()
                .map(after -> new Mark(after.toNanos(), counter(after, meters)))
                .toList();
        this.warningsPerSecond = warningsPerSecond;
        this.nanoTime = nanoTime;
        this.secondBegan = new AtomicLong(nanoTime.getAsLong());
    }

    /** A request past several marks counts at each of them. */
    void judge(RequestTrail trail, long endedNanos, String route, String requestId) {
        long waited = trail.waitedNanosUntil(endedNanos);
        if (marks.isEmpty() || waited < marks.getFirst().nanos) {
            return;
        }
        for (Mark mark : marks) {
            if (waited >= mark.nanos) {
                mark.counter.increment();
            }
        }
        if (mayWarn()) {
            warn(trail, endedNanos, route, requestId);
        }
    }

    /** Lines are written on event loops: when everything is slow, they must not be what is slowest. */
    private boolean mayWarn() {
        long now = nanoTime.getAsLong();
        long began = secondBegan.get();
        if (now - began >= SECOND && secondBegan.compareAndSet(began, now)) {
            inSecond.set(0);
        }
        return inSecond.incrementAndGet() <= warningsPerSecond;
    }

    private static void warn(RequestTrail trail, long endedNanos, String route, String requestId) {
        LoggingEventBuilder line = LOG.atWarn()
                .addKeyValue("http.route", route)
                .addKeyValue("http.request.method", trail.method())
                .addKeyValue("http.response.status_code", trail.status)
                .addKeyValue("http.request.id", requestId)
                .addKeyValue("waitedMillis", millis(trail.waitedNanosUntil(endedNanos)));
        add(line, "authMillis", trail.authNanos());
        add(line, "limitMillis", trail.limitNanos());
        long upstream = trail.upstreamNanosUntil(endedNanos);
        add(line, "upstreamMillis", upstream == Request.NOT_ASKED ? OptionalLong.empty() : OptionalLong.of(upstream));
        line.log("slow request");
    }

    private static void add(LoggingEventBuilder line, String name, OptionalLong nanos) {
        nanos.ifPresent(value -> {
            LoggingEventBuilder _ = line.addKeyValue(name, millis(value));
        });
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** There from the start: of a counter that begins with its first request, that request is no increase. */
    private static Counter counter(Duration after, MeterRegistry meters) {
        return Counter.builder("sluice.gateway.slow.requests")
                .description("Requests whose answer had not begun after the threshold, in seconds")
                .tag("threshold", secondsOf(after))
                .register(meters);
    }

    private static String secondsOf(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
