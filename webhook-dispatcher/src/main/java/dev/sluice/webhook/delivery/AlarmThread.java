package dev.sluice.webhook.delivery;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that calls when it is time. */
final class AlarmThread implements Alarm, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlarmThread.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("webhook-alarm").daemon().factory());

    AlarmThread() {
        // What waits at the end of the process waits on the log as well.
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Some are set for a day, and taken back by whatever their endpoint's owner changes.
        executor.setRemoveOnCancelPolicy(true);
        executor.setRejectedExecutionHandler((call, closed) -> {});
    }

    @Override
    public Runnable in(long nanos, Runnable call) {
        ScheduledFuture<?> scheduled = executor.schedule(
                () -> {
                    try {
                        call.run();
                    } catch (RuntimeException e) {
                        LOG.error("a call that was due failed", e);
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
