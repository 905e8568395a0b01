package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.RouteFixture;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** A gateway that has room for ten bytes of bodies on their way into the store, and tells one route apart. */
@ProxyTest
@Import({CachedRouteSlice.class, CachedShop.class})
@TestPropertySource(
        properties = {
            "sluice.gateway.response-cache.shared=false",
            "sluice.gateway.response-cache.max-copied=10B",
            "sluice.gateway.proxy.max-metered-routes=1"
        })
class CachedRouteBoundsIT {

    @Autowired
    private CachedShop shop;

    @Autowired
    private RouteFixture routes;

    @Autowired
    private MeterRegistry meters;

    @BeforeEach
    void open() {
        shop.open();
    }

    @Test
    void passesAnAnswerForWhichThereIsNoRoomWithoutKeepingIt() throws IOException {
        shop.answers("01234567890", "Cache-Control: max-age=60");
        assertThat(shop.get()).startsWith("HTTP/1.1 200").endsWith("01234567890");
        assertThat(shop.get()).doesNotContain("sluice; hit").endsWith("01234567890");
        assertThat(meters.get("sluice.responsecache.copies.refused").counter().count())
                .isEqualTo(2);
        assertThat(meters.get("sluice.responsecache.copies").gauge().value()).isZero();
        shop.answers("0123456789", "Cache-Control: max-age=60");
        assertThat(shop.get()).endsWith("0123456789");
        assertThat(shop.get()).contains("sluice; hit").endsWith("0123456789");
    }

    @Test
    void countsByRouteAsFarAsRoutesAreToldApart() throws IOException {
        shop.answers("ware", "Cache-Control: max-age=60");
        routes.set(RouteDraft.of("stall", shop.upstream.url())
                .cache(CachePolicy.USUAL)
                .route());
        for (int i = 0; i < 3; i++) {
            assertThat(Wire.get(shop.port(), "/stall/1")).startsWith("HTTP/1.1 200");
        }
        assertThat(count("stall", "miss")).isEqualTo(1);
        assertThat(count("stall", "hit")).isEqualTo(2);
        assertThat(meters.get("sluice.responsecache.stored")
                        .tag("route", "stall")
                        .counter()
                        .count())
                .isEqualTo(1);
        routes.set(
                RouteDraft.of("stall", shop.upstream.url())
                        .cache(CachePolicy.USUAL)
                        .route(),
                RouteDraft.of("booth", shop.upstream.url())
                        .cache(CachePolicy.USUAL)
                        .route());
        assertThat(Wire.get(shop.port(), "/booth/1")).startsWith("HTTP/1.1 200");
        assertThat(count("(other)", "miss")).isEqualTo(1);
        shop.open();
        assertThat(meters.find("sluice.responsecache.requests")
                        .tag("route", "stall")
                        .counter())
                .isNull();
    }

    private double count(String route, String outcome) {
        return meters.get("sluice.responsecache.requests")
                .tags("route", route, "outcome", outcome)
                .counter()
                .count();
    }
}
