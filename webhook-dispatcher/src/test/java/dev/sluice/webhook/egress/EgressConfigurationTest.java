package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.EgressPolicy.Verdict;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What operators allow and deny reaches the guard. */
class EgressConfigurationTest {

    @Test
    void whatAnOperatorDeniesIsDeniedAlsoWhereItIsPublicOrAllowed() {
        EgressPolicy policy = policy(List.of("127.0.0.0/8"), List.of("8.8.8.0/24", "127.0.0.9/32", "2a00:1450::/32"));

        assertThat(judge(policy, "8.8.8.8")).isEqualTo(Verdict.DENIED);
        assertThat(judge(policy, "2a00:1450::1")).isEqualTo(Verdict.DENIED);
        assertThat(judge(policy, "127.0.0.9")).isEqualTo(Verdict.DENIED);
        assertThat(judge(policy, "127.0.0.8")).isEqualTo(Verdict.ALLOWED_FOR_DEVELOPMENT);
        assertThat(judge(policy, "8.8.4.4")).isEqualTo(Verdict.PERMITTED);
    }

    @Test
    void withoutExceptionsTheListHolds() {
        EgressPolicy policy = policy(List.of(), List.of());

        assertThat(judge(policy, "8.8.8.8")).isEqualTo(Verdict.PERMITTED);
        assertThat(judge(policy, "127.0.0.1")).isEqualTo(Verdict.DENIED);
    }

    private static Verdict judge(EgressPolicy policy, String address) {
        return policy.judge(InetAddress.ofLiteral(address));
    }

    private static EgressPolicy policy(List<String> allowed, List<String> denied) {
        Duration second = Duration.ofSeconds(1);
        return new EgressConfiguration()
                .egressPolicy(new EgressProperties(allowed, denied, Set.of(443), Set.of(), second, second, second, 1));
    }
}
