package dev.sluice.metrics.ladder;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Closes the windows of one task as time goes by: by stream time with each record, and by the wall clock when none has come for a while, since
 * stream time stands still then. Not thread-safe: it belongs to the task's thread.
 */
public final class LadderTask<T extends Tally<T>> {
    /** How often closed windows are looked for where no record does it. */
    public static final Duration CLOSE_INTERVAL = Duration.ofSeconds(5);

    /** A partition without a record for this long is quiet. */
    public static final Duration QUIET = Duration.ofMinutes(1);

    private final LadderWriter<T> windows;
    private final ProcessorContext<?, ?> context;
    private long lastRecordMillis;

    private LadderTask(LadderWriter<T> windows, ProcessorContext<?, ?> context) {
        this.windows = windows;
        this.context = context;
        this.lastRecordMillis = context.currentSystemTimeMs();
    }

    /** Begins to close windows, and to write them before each commit. */
    public static <T extends Tally<T>> LadderTask<T> start(LadderWriter<T> windows, ProcessorContext<?, ?> context) {
        LadderTask<T> task = new LadderTask<>(windows, context);
        CommitSignal signal = context.getStateStore(windows.signal());
        signal.before(windows::writeHeldBack);
        windows.holdBack();
        context.schedule(CLOSE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, task::closeByClock);
        return task;
    }

    /** A record has come; call it before the record is counted. Returns the stream time, in milliseconds since 1970. */
    public long advance() {
        lastRecordMillis = context.currentSystemTimeMs();
        long streamMillis = context.currentStreamTimeMs();
        windows.close(streamMillis);
        return streamMillis;
    }

    public LadderWriter<T> windows() {
        return windows;
    }

    private void closeByClock(long nowMillis) {
        boolean isQuiet = nowMillis - lastRecordMillis >= QUIET.toMillis();
        long streamMillis = context.currentStreamTimeMs();
        windows.close(isQuiet ? Math.max(streamMillis, nowMillis) : streamMillis);
    }
}
