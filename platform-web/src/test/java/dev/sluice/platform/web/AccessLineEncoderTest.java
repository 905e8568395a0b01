package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

class AccessLineEncoderTest {

    private static final List<String> VALUES =
            List.of("/shop/1", "", "a b", "caf\u00e9", "\"", "\\", "\n", "\u0000", "sluice-path", "{}", "\ud83d\ude00");

    private final LoggerContext context = AccessLineEncoder.logger().getLoggerContext();
    private final @Nullable Object before = context.getObject(Environment.class.getName());

    @AfterEach
    void putBack() {
        if (before == null) {
            context.removeObject(Environment.class.getName());
        } else {
            context.putObject(Environment.class.getName(), before);
        }
    }

    /** The templates are only a short cut. */
    @ParameterizedTest
    @ValueSource(strings = {"ecs", "logstash", "gelf"})
    void writesWhatTheFormatWouldWrite(String format) {
        Encoder<ILoggingEvent> slow = structured(format);
        AccessLineEncoder encoder = new AccessLineEncoder(slow);
        Random random = new Random(4_711);
        for (int i = 0; i < 2_000; i++) {
            ILoggingEvent event = AccessLineEncoder.event(line(random));
            assertThat(new String(encoder.encode(event), StandardCharsets.UTF_8))
                    .isEqualTo(new String(slow.encode(event), StandardCharsets.UTF_8));
        }
    }

    @Test
    void asksTheFormatOncePerShapeForLinesWithoutAnythingToEscape() {
        AtomicInteger asked = new AtomicInteger();
        Encoder<ILoggingEvent> slow = structured("ecs");
        AccessLineEncoder encoder = new AccessLineEncoder(new Counting(slow, asked));
        for (int i = 0; i < 100; i++) {
            encoder.encode(AccessLineEncoder.event(new AccessLog.Line(
                    Instant.EPOCH.plusNanos(i * 1_001L),
                    "GET",
                    "/a/" + i,
                    200,
                    i,
                    "r" + i,
                    "t",
                    "/a/**",
                    "acme",
                    "k")));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void leavesOtherEventsToTheFormat() {
        Encoder<ILoggingEvent> slow = structured("ecs");
        Logger other = context.getLogger("other");
        ILoggingEvent event = new LoggingEvent("x", other, Level.WARN, "hello", null, null);
        assertThat(new AccessLineEncoder(slow).encode(event)).isEqualTo(slow.encode(event));
    }

    private Encoder<ILoggingEvent> structured(String format) {
        context.putObject(Environment.class.getName(), new MockEnvironment());
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.start();
        return encoder;
    }

    private static AccessLog.Line line(Random random) {
        boolean known = random.nextBoolean();
        return new AccessLog.Line(
                Instant.ofEpochSecond(
                        random.nextLong(4_000_000_000L), random.nextBoolean() ? 0 : random.nextInt(1_000_000_000)),
                random.nextBoolean() ? "GET" : "PATCH",
                VALUES.get(random.nextInt(VALUES.size())),
                random.nextInt(100, 600),
                random.nextLong(),
                HexFormat.of().toHexDigits(random.nextLong()),
                HexFormat.of().toHexDigits(random.nextLong()),
                random.nextBoolean() ? value(random) : null,
                known ? value(random) : null,
                known ? value(random) : null);
    }

    private static String value(Random random) {
        return random.nextInt(4) == 0 ? VALUES.get(random.nextInt(VALUES.size())) : "acme";
    }

    /** Counts how often it is asked. */
    private static final class Counting extends EncoderBase<ILoggingEvent> {

        private final Encoder<ILoggingEvent> counted;
        private final AtomicInteger asked;

        Counting(Encoder<ILoggingEvent> counted, AtomicInteger asked) {
            this.counted = counted;
            this.asked = asked;
        }

        @Override
        public byte @Nullable [] headerBytes() {
            return counted.headerBytes();
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            asked.incrementAndGet();
            return counted.encode(event);
        }

        @Override
        public byte @Nullable [] footerBytes() {
            return counted.footerBytes();
        }
    }
}
