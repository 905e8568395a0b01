package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.stream.ClientFrames.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClientFramesTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final ClientFrames frames = new ClientFrames(now::get);

    @Test
    void passesOverAFewMessages() {
        for (int i = 0; i < ClientFrames.MOST_IN_WINDOW; i++) {
            assertThat(frames.heard(i % 2 == 0 ? Kind.TEXT : Kind.PING)).isEmpty();
        }
        assertThat(frames.heard(Kind.TEXT)).contains(CloseReason.TOO_MANY_MESSAGES);
    }

    @Test
    void countsEveryMinuteAnew() {
        for (int i = 0; i < 10 * ClientFrames.MOST_IN_WINDOW; i++) {
            assertThat(frames.heard(Kind.PING)).isEmpty();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void takesNoBinaryMessage() {
        assertThat(frames.heard(Kind.BINARY)).contains(CloseReason.BINARY_MESSAGE);
    }

    @Test
    void doesNotCountTheAnswersToItsPings() {
        for (int i = 0; i < 10 * ClientFrames.MOST_IN_WINDOW; i++) {
            assertThat(frames.pinging()).isEmpty();
            assertThat(frames.heard(Kind.PONG)).isEmpty();
        }
    }

    @Test
    void countsPongsThatNobodyAskedFor() {
        for (int i = 0; i < ClientFrames.MOST_IN_WINDOW; i++) {
            assertThat(frames.heard(Kind.PONG)).isEmpty();
        }
        assertThat(frames.heard(Kind.PONG)).contains(CloseReason.TOO_MANY_MESSAGES);
    }

    @Test
    void givesUpAClientThatAnswersNoPing() {
        for (int i = 0; i < 20; i++) {
            assertThat(frames.pinging()).as("within 20 seconds").isEmpty();
        }
        now.addAndGet(Duration.ofSeconds(21).toNanos());
        assertThat(frames.pinging()).contains(CloseReason.UNRESPONSIVE);
        assertThat(frames.heard(Kind.PONG)).isEmpty();
        assertThat(frames.pinging()).as("heard again").isEmpty();
    }
}
