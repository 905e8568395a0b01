package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("access");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AccessLog log = new AccessLog(meters);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void listen() {
        written.start();
        LOGGER.addAppender(written);
        LOGGER.setAdditive(false);
    }

    @AfterEach
    void leave() {
        LOGGER.detachAppender(written);
        LOGGER.setAdditive(true);
    }

    @Test
    void writesALineWithTheTimeOfItsRequest() {
        log.add(line("a"));
        assertThat(written.list).isEmpty();
        log.write();
        assertThat(written.list).hasSize(1);
        ILoggingEvent event = written.list.getFirst();
        assertThat(event.getInstant()).isEqualTo(NOON);
        assertThat(event.getMessage()).isEqualTo("request");
        assertThat(event.getKeyValuePairs().toString()).contains("url.path").contains("a");
    }

    /** What writes to a file has a buffer of its own; the standard output has hardly one. */
    @Test
    void whatWaitsIsOneWriteToTheStandardOutput() {
        CountedOutput output = new CountedOutput();
        PrintStream before = System.out;
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        Logger root = LOGGER.getLoggerContext().getLogger(Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> others = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        LOGGER.setAdditive(true);
        System.setOut(new PrintStream(output, false, StandardCharsets.UTF_8));
        try {
            console.setContext(LOGGER.getLoggerContext());
            console.setEncoder(lines());
            console.start();
            root.addAppender(console);
            for (int i = 0; i < 100; i++) {
                log.add(line("line " + i));
            }
            log.write();
            System.out.flush();
        } finally {
            System.setOut(before);
            root.detachAppender(console);
            others.forEach(root::addAppender);
        }
        assertThat(output.toString(StandardCharsets.UTF_8).lines()).hasSize(100);
        assertThat(output.writes).isEqualTo(1);
    }

    private static PatternLayoutEncoder lines() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(LOGGER.getLoggerContext());
        encoder.setPattern("%msg%n");
        encoder.start();
        return encoder;
    }

    private static final class CountedOutput extends ByteArrayOutputStream {
        private int writes;

        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
            writes++;
            super.write(bytes, from, count);
        }
    }

    @Test
    void writesWhatWaitsWhenItEnds() {
        log.start();
        log.add(line("last"));
        log.stop();
        assertThat(written.list).hasSize(1);
        assertThat(log.isRunning()).isFalse();
    }

    @Test
    void dropsAndCountsWhatNobodyGetsToWrite() {
        for (int i = 0; i < AccessLog.MOST_WAITING + 3; i++) {
            log.add(line("busy"));
        }
        log.write();
        assertThat(written.list).hasSize(AccessLog.MOST_WAITING);
        assertThat(meters.counter("sluice.access.log.dropped").count()).isEqualTo(3);
        log.add(line("after"));
        log.write();
        assertThat(written.list).hasSize(AccessLog.MOST_WAITING + 1);
    }

    private static AccessLog.Line line(String path) {
        return new AccessLog.Line(NOON, "GET", path, 200, 1_000, "r", "t", null, null, null);
    }
}
