package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.telemetry.Telemetry;
import dev.sluice.record.DeadReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** What the dispatcher counts is there before it happens. */
class DeliveryMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeliveryMetrics metrics = new DeliveryMetrics(meters, new DeliverySpans(Telemetry.NONE));

    @Test
    void startsEveryCounterAtZero() {
        for (String outcome : new String[] {"delivered", "retry", "dead", "discarded"}) {
            assertThat(count("sluice.webhook.delivery.outcomes", "outcome", outcome))
                    .isZero();
        }
        assertThat(count("sluice.webhook.discarded", "reason", "endpoint_gone")).isZero();
        assertThat(meters.get("sluice.webhook.postponed").counter().count()).isZero();
    }

    @Test
    void countsWhatWasGivenUpByItsReason() {
        metrics.discarded(DeadReason.ENDPOINT_GONE);
        metrics.postponed();
        assertThat(count("sluice.webhook.discarded", "reason", "endpoint_gone")).isEqualTo(1);
        assertThat(count("sluice.webhook.discarded", "reason", "expired")).isZero();
        assertThat(meters.get("sluice.webhook.postponed").counter().count()).isEqualTo(1);
    }

    private double count(String name, String tag, String value) {
        return meters.get(name).tag(tag, value).counter().count();
    }
}
