package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.demo.DemoTarget.Company;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TierChecksTest {

    private static final LimitPolicy RATE = new LimitPolicy("rate", 10, Duration.ofSeconds(1), 20);
    private static final String HEADER = "\"rate\";q=10;w=1;sluice-burst=20";
    private static final TierReport FREE = report("free", 200, 70, 130, 130);
    private static final TierReport UNLIMITED = report("unlimited", 60, 60, 0, 0);
    private static final GatewayDecisions COUNTED = new GatewayDecisions(130, 130, 0);

    @Test
    void passesWhatHeldItsLimits() {
        assertThat(failed(FREE, UNLIMITED, COUNTED, Company.ALONE)).isEmpty();
    }

    @Test
    void failsWhenOneMoreWasAdmittedThanTheLimitAllows() {
        assertThat(failed(
                        report("free", 201, 71, 130, 130), UNLIMITED, new GatewayDecisions(131, 130, 0), Company.ALONE))
                .containsExactly("free: admitted within its limits");
    }

    @Test
    void failsWhenNothingWasAdmitted() {
        assertThat(failed(report("free", 130, 0, 130, 130), UNLIMITED, new GatewayDecisions(60, 130, 0), Company.ALONE))
                .containsExactly("free: admitted within its limits");
    }

    @Test
    void failsWhenFreeWasNeverRefused() {
        assertThat(failed(report("free", 70, 70, 0, 0), UNLIMITED, new GatewayDecisions(130, 0, 0), Company.ALONE))
                .containsExactly("free was refused some");
    }

    @Test
    void failsWhenUnlimitedWasRefused() {
        assertThat(failed(FREE, report("unlimited", 60, 59, 1, 1), new GatewayDecisions(129, 131, 0), Company.ALONE))
                .containsExactly("unlimited was refused none");
    }

    @Test
    void failsWhenARefusalDoesNotExplainItself() {
        assertThat(failed(report("free", 200, 70, 130, 129), UNLIMITED, COUNTED, Company.ALONE))
                .containsExactly("429s with Retry-After and the limits reached");
    }

    @Test
    void failsWhenARequestWasNeitherAdmittedNorRefused() {
        assertThat(failed(report("free", 201, 70, 130, 130), UNLIMITED, COUNTED, Company.ALONE))
                .containsExactly("requests admitted or refused");
    }

    @Test
    void failsWhenThePolicyIsNotThatOfTheTier() {
        TierChecks checks = new TierChecks(
                List.of(FREE, UNLIMITED),
                Map.of(
                        "free",
                        Set.of(new LimitPolicy("rate", 9, Duration.ofSeconds(1), 20)),
                        "unlimited",
                        Set.of(RATE)),
                COUNTED,
                Company.ALONE);

        assertThat(failed(checks)).containsExactly("free: RateLimit-Policy is its tier's");
    }

    @Test
    void failsWhenAnswersOfATierDisagreeAboutItsPolicy() {
        TierReport torn = new TierReport(
                "free",
                200,
                70,
                130,
                130,
                Set.of(HEADER, ""),
                Set.of(),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(2));

        assertThat(failed(torn, UNLIMITED, COUNTED, Company.ALONE))
                .containsExactly("free: RateLimit-Policy is its tier's", "free: admitted within its limits");
    }

    @Test
    void failsWhenTheGatewayCountedOtherThanItsCallers() {
        assertThat(failed(FREE, UNLIMITED, new GatewayDecisions(131, 129, 0), Company.ALONE))
                .containsExactly("admissions counted by the gateway", "refusals counted by the gateway");
    }

    @Test
    void failsWhenTheGatewayWasRestarted() {
        assertThat(failed(FREE, UNLIMITED, new GatewayDecisions(-500, -20, 0), Company.MAYBE_OTHERS))
                .containsExactly("admissions counted by the gateway", "refusals counted by the gateway");
    }

    @Test
    void letsOthersUseThePlatformMeanwhile() {
        assertThat(failed(FREE, UNLIMITED, new GatewayDecisions(2_000, 131, 0), Company.MAYBE_OTHERS))
                .isEmpty();
    }

    private static List<String> failed(
            TierReport free, TierReport unlimited, GatewayDecisions counted, Company company) {
        return failed(new TierChecks(
                List.of(free, unlimited), Map.of("free", Set.of(RATE), "unlimited", Set.of(RATE)), counted, company));
    }

    private static List<String> failed(TierChecks checks) {
        return checks.all().stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }

    /** Five seconds of traffic: 20 and 5 × 10 are allowed. */
    private static TierReport report(String tier, long sent, long admitted, long refused, long explained) {
        return new TierReport(
                tier,
                sent,
                admitted,
                refused,
                explained,
                Set.of(HEADER),
                Set.of(),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Duration.ofMillis(2));
    }
}
