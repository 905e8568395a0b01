package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class ResponseMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ResponseMeters meters = new ResponseMeters(registry, "shop");

    @Test
    void hasNoSeriesBeforeTheFirstRequest() {
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void countsByRouteAndOutcome() {
        meters.count(Outcome.STALE_IF_ERROR);
        meters.count(Outcome.HIT);
        meters.count(Outcome.HIT);
        meters.stored();
        assertThat(registry.get(ResponseMeters.REQUESTS)
                        .tags("route", "shop", "outcome", "hit")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get(ResponseMeters.REQUESTS)
                        .tags("route", "shop", "outcome", "stale_if_error")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get(ResponseMeters.STORED)
                        .tags("route", "shop")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void takesTheSeriesOfARemovedRouteAway() {
        ResponseMeters other = new ResponseMeters(registry, "other");
        other.count(Outcome.MISS);
        meters.count(Outcome.MISS);
        meters.stored();
        meters.remove();
        meters.count(Outcome.MISS);
        meters.stored();
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("route"))
                .containsExactly("other");
    }
}
