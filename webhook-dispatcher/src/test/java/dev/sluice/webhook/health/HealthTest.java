package dev.sluice.webhook.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What attempts say of an endpoint, on a clock of their own. */
class HealthTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration FIVE_DAYS = Duration.ofDays(5);
    private static final int TWENTY = 20;

    @BeforeAll
    static void letAvroMakeRecords() {
        TrustedRecords.load();
    }

    @Test
    void whatFailsForFiveDaysAndTwentyAttemptsIsToBeDisabled() {
        Health health = Health.GOOD;
        for (int hour = 0; hour < 120; hour++) {
            assertThat(verdict(health, failed(hour))).isInstanceOf(Verdict.Nothing.class);
            health = health.after(failed(hour));
        }
        assertThat(verdict(health, failed(120))).isEqualTo(new Verdict.Failing(START));
        assertThat(health.after(delivered(120))).isEqualTo(Health.GOOD);
    }

    @Test
    void fewAttemptsAreNoProof() {
        Health health = Health.GOOD;
        for (int attempt = 0; attempt < TWENTY - 1; attempt++) {
            assertThat(verdict(health, failed(attempt * 24))).isInstanceOf(Verdict.Nothing.class);
            health = health.after(failed(attempt * 24));
        }
        assertThat(verdict(health, failed(TWENTY * 24))).isInstanceOf(Verdict.Failing.class);
    }

    @Test
    void oneSuccessIsEnoughToBeginAnew() {
        Health health = Health.GOOD;
        for (int hour = 0; hour < 119; hour++) {
            health = health.after(failed(hour));
        }
        health = health.after(delivered(119));
        for (int hour = 120; hour < 239; hour++) {
            assertThat(verdict(health, failed(hour))).isInstanceOf(Verdict.Nothing.class);
            health = health.after(failed(hour));
        }
    }

    @Test
    void nothingIsDisabledWhereThatIsNotWanted() {
        Health health = new Health(1_000, START, null);

        assertThat(health.verdict(failed(10_000), endpoint(WebhookEndpointStatus.ACTIVE), Duration.ZERO, 1))
                .isInstanceOf(Verdict.Nothing.class);
        assertThat(health.verdict(failed(10_000), endpoint(WebhookEndpointStatus.PAUSED), FIVE_DAYS, TWENTY))
                .isInstanceOf(Verdict.Nothing.class);
    }

    @Test
    void oneWhoseReceiverWishedItIsToldLikeOneThatIsGone() {
        DeliveryAttempt wished = attempt(1, AttemptOutcome.DEAD, 500);
        WebhookEndpoint disabled = endpoint(WebhookEndpointStatus.DISABLED);
        assertThat(Health.GOOD.verdict(wished, disabled, FIVE_DAYS, TWENTY)).isInstanceOf(Verdict.Gone.class);
        assertThat(verdict(Health.GOOD, wished))
                .as("given up, but not disabled")
                .isInstanceOf(Verdict.Nothing.class);
        assertThat(Health.GOOD.verdict(attempt(1, AttemptOutcome.RETRY, 500), disabled, FIVE_DAYS, TWENTY))
                .isInstanceOf(Verdict.Nothing.class);
    }

    @Test
    void oneThatIsGoneIsToldOnceThoughManyAttemptsSaySo() {
        WebhookEndpoint disabled = endpoint(WebhookEndpointStatus.DISABLED);
        DeliveryAttempt gone = attempt(1, AttemptOutcome.DEAD, 410);
        assertThat(Health.GOOD.verdict(gone, disabled, FIVE_DAYS, TWENTY)).isInstanceOf(Verdict.Gone.class);

        Health told = Health.GOOD.after(gone).disabled(at(2));
        for (DeliveryAttempt underWay : List.of(gone, attempt(2, AttemptOutcome.DEAD, 410))) {
            assertThat(told.verdict(underWay, disabled, FIVE_DAYS, TWENTY)).isInstanceOf(Verdict.Nothing.class);
            assertThat(told.after(underWay).disabledAt()).isEqualTo(at(2));
        }
        assertThat(told.verdict(attempt(3, AttemptOutcome.DEAD, 410), disabled, FIVE_DAYS, TWENTY))
                .as("resumed, and gone again")
                .isInstanceOf(Verdict.Gone.class);
    }

    @Test
    void itHasRecoveredWhenItReceivesAfterItWasDisabledAndThatIsToldOnce() {
        Health told = Health.GOOD.disabled(at(5));

        assertThat(verdict(told, delivered(5))).as("began before").isInstanceOf(Verdict.Nothing.class);
        assertThat(told.after(delivered(5)).disabledAt()).isEqualTo(at(5));
        assertThat(verdict(told, delivered(6))).isEqualTo(new Verdict.Recovered(at(5)));
        assertThat(verdict(told.after(delivered(6)), delivered(7))).isInstanceOf(Verdict.Nothing.class);
        assertThat(verdict(Health.GOOD.after(failed(1)), delivered(2)))
                .as("nobody was told that it fails")
                .isInstanceOf(Verdict.Nothing.class);
    }

    @Test
    void whatIsResumedHasTheWholeTimeAgain() {
        Health resumed = new Health(100, START, null).disabled(at(120));

        assertThat(resumed.failures()).isZero();
        assertThat(verdict(resumed.after(failed(121)), failed(122))).isInstanceOf(Verdict.Nothing.class);
    }

    private static Verdict verdict(Health health, DeliveryAttempt attempt) {
        return health.verdict(attempt, endpoint(WebhookEndpointStatus.ACTIVE), FIVE_DAYS, TWENTY);
    }

    private static DeliveryAttempt failed(int hour) {
        return attempt(hour, AttemptOutcome.RETRY, 500);
    }

    private static DeliveryAttempt delivered(int hour) {
        return attempt(hour, AttemptOutcome.DELIVERED, 204);
    }

    private static DeliveryAttempt attempt(int hour, AttemptOutcome outcome, @Nullable Integer status) {
        return DeliveryAttempt.newBuilder()
                .setDeliveryId("msg_1")
                .setTenant("acme")
                .setEndpointId("ep_1")
                .setEventId("evt-1")
                .setEventType("a")
                .setAttempt(1)
                .setAt(at(hour))
                .setDurationNanos(0)
                .setOutcome(outcome)
                .setStatus(status)
                .build();
    }

    private static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    private static WebhookEndpoint endpoint(WebhookEndpointStatus status) {
        return WebhookEndpoint.newBuilder()
                .setId("ep_1")
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setStatus(status)
                .setEventTypes(List.of())
                .setSecrets(List.of())
                .setCreatedAt(START)
                .setUpdatedAt(START)
                .build();
    }
}
