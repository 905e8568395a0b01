package dev.sluice.webhook.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Job;
import dev.sluice.webhook.TrustedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked for. */
class ReplayRequestTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String FROM = "2026-01-30T00:00:00Z";

    @BeforeAll
    static void letAvroMakeRecords() {
        TrustedRecords.load();
    }

    @ParameterizedTest
    @EnumSource(ReplayKind.class)
    void aPlanReadsBackFromItsJob(ReplayKind kind) {
        for (ReplayRequest request : List.of(
                new ReplayRequest(FROM, null, null, null),
                new ReplayRequest(FROM, "2026-01-30T00:00:01Z", List.of("a.*", "b", "a.*"), 7))) {
            ReplayPlan plan = request.plan(kind, "ep_1", NOW);
            Job job = Job.newBuilder()
                    .setId("job")
                    .setTenant("acme")
                    .setKind(kind.jobKind())
                    .setParameters(plan.parameters())
                    .setCreatedBy("key")
                    .setCreatedAt(NOW)
                    .build();
            assertThat(ReplayPlan.of(job)).isEqualTo(plan);
        }
    }

    @Test
    void itEndsNowAtTheLatest() {
        assertThat(new ReplayRequest(FROM, null, null, null).plan(ReplayKind.REPLAY, "ep_1", NOW))
                .isEqualTo(new ReplayRequest(FROM, "2027-01-01T00:00:00Z", null, 100)
                        .plan(ReplayKind.REPLAY, "ep_1", NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-01-30",
                "2026-01-30T24:00:00Z",
                "2026-01-30T00:00:00+01:00",
                "2026-01-24T11:59:59Z",
                "2026-02-01T00:00:00Z",
                "+1000000000-01-01T00:00:00Z"
            })
    void refusesTimesOfWhichTheLogHasNothing(String from) {
        assertThat(refused(ReplayKind.REPLAY, new ReplayRequest(from, null, null, null)))
                .contains("from");
    }

    @Test
    void whatWasGivenUpIsThereForLonger() {
        String from = NOW.minus(Duration.ofDays(29)).toString();

        assertThat(new ReplayRequest(from, null, null, null)
                        .plan(ReplayKind.RECOVER, "ep_1", NOW)
                        .from())
                .isEqualTo(from);
        assertThat(refused(ReplayKind.REPLAY, new ReplayRequest(from, null, null, null)))
                .containsExactly("from");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThat(refused(ReplayKind.REPLAY, new ReplayRequest("", "never", Arrays.asList("a", null, "A"), 1_001)))
                .containsExactly("from", "to", "eventTypes[1]", "eventTypes[2]", "perSecond");
        assertThat(refused(ReplayKind.REPLAY, new ReplayRequest(FROM, FROM, List.of(), 0)))
                .containsExactly("to", "eventTypes", "perSecond");
    }

    private static List<String> refused(ReplayKind kind, ReplayRequest request) {
        @Nullable
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> request.plan(kind, "ep_1", NOW));
        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        return problem.errors().stream().map(FieldError::field).toList();
    }
}
