package dev.sluice.metrics.replay;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** The time of the machine, and what was added to it: a quiet minute need not be waited for. Thread-safe. */
final class AdjustableTime implements Time {

    private final AtomicLong addedMillis = new AtomicLong();

    void add(Duration more) {
        addedMillis.addAndGet(more.toMillis());
    }

    @Override
    public long milliseconds() {
        return SYSTEM.milliseconds() + addedMillis.get();
    }

    @Override
    public long nanoseconds() {
        return SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long millis) {
        SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object lock, Supplier<Boolean> condition, long deadlineMillis) throws InterruptedException {
        SYSTEM.waitObject(lock, condition, deadlineMillis - addedMillis.get());
    }
}
