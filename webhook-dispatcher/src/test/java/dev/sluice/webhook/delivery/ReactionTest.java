package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Body;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What answers say of their endpoint. */
class ReactionTest {

    @Test
    void someAnswersSayThatItIsTooMuch() {
        for (int status : new int[] {429, 502, 504}) {
            assertThat(of(status, null).throttled()).as("%s", status).isTrue();
        }
        for (int status : new int[] {200, 204, 302, 400, 404, 410, 500, 503}) {
            assertThat(of(status, null).throttled()).as("%s", status).isFalse();
        }
        for (Answer.Failure failure : Answer.Failure.values()) {
            Reaction reaction = Reaction.of(new Answer.Missing(failure), Instant.EPOCH);
            assertThat(reaction.succeeded()).isFalse();
            assertThat(reaction.throttled()).isEqualTo(failure == Answer.Failure.TIMEOUT);
        }
    }

    @Test
    void onlySomeMayAskForTime() {
        assertThat(of(429, "7").rest()).hasValue(Duration.ofSeconds(7));
        assertThat(of(503, "7").rest()).hasValue(Duration.ofSeconds(7));
        assertThat(of(200, "7").rest()).isEmpty();
        assertThat(of(500, "7").rest()).isEmpty();
        assertThat(of(429, "soon").rest()).isEmpty();
    }

    private static Reaction of(int status, @Nullable String retryAfter) {
        return Reaction.of(new Answer.Received(status, retryAfter, Body.of(new byte[0])), Instant.EPOCH);
    }
}
