package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatewayDecisionsTest {

    @Test
    void addsUpTheCountersByWhatTheyMeanToTheCaller() {
        GatewayDecisions decisions = GatewayDecisions.parse("""
                # HELP sluice_ratelimit_decisions_total Requests by what the limits made of them
                # TYPE sluice_ratelimit_decisions_total counter
                sluice_ratelimit_decisions_total{verdict="admitted"} 1500.0
                sluice_ratelimit_decisions_total{application="api-gateway",verdict="soft_exceeded"} 20.0
                sluice_ratelimit_decisions_total{verdict="shadow_exceeded",zone="a"} 3.0
                sluice_ratelimit_decisions_total{verdict="denied"} 1.2E7
                sluice_ratelimit_decisions_total{verdict="closed"} 1.0
                sluice_ratelimit_redis_failures_total 99.0
                """);

        assertThat(decisions).isEqualTo(new GatewayDecisions(1_523, 12_000_001, 99));
    }

    @Test
    void countsWhatCameSinceThen() {
        assertThat(new GatewayDecisions(10, 5, 9).since(new GatewayDecisions(4, 3, 2)))
                .isEqualTo(new GatewayDecisions(6, 2, 7));
    }
}
