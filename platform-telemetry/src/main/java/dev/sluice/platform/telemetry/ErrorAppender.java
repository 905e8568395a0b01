package dev.sluice.platform.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.Set;

/** Reports what is logged as an error, but for what is reported with its request. */
final class ErrorAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    /** In a second; a service that fails at everything tells so much, and the log has the rest. */
    private static final int MAX_A_SECOND = 20;

    private static final long SECOND_MILLIS = 1_000;

    private static final Set<String> REPORTED_ELSEWHERE = Set.of("dev.sluice.platform.web.ProblemExceptionHandler");

    private final Telemetry telemetry;
    private long second;
    private int inSecond;

    ErrorAppender(Telemetry telemetry) {
        this.telemetry = telemetry;
        setName("sluice-errors");
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel() != Level.ERROR
                || REPORTED_ELSEWHERE.contains(event.getLoggerName())
                || !isWithinRate(event)) {
            return;
        }
        // What the log says is the same for all of a kind only before its arguments are in it.
        String place = event.getLoggerName() + ": " + event.getMessage();
        Throwable error = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
        String type = error == null ? event.getLoggerName() : error.getClass().getName();
        String message = error == null
                ? event.getFormattedMessage()
                : event.getFormattedMessage() + ": " + Failure.messageOf(error);
        telemetry.error(new Failure(type, message, place, null, null, null), event.getInstant());
    }

    private synchronized boolean isWithinRate(ILoggingEvent event) {
        long now = event.getTimeStamp() / SECOND_MILLIS;
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        inSecond++;
        return inSecond <= MAX_A_SECOND;
    }
}
