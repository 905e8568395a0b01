package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.Upstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.RouteFixture;
import dev.sluice.platform.test.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Lazy;
import reactor.core.publisher.Mono;

/** A route that keeps answers, the upstream behind it, and a page of it for each test. */
@Lazy
@TestComponent
final class CachedShop implements AutoCloseable {

    private static final AtomicInteger PAGES = new AtomicInteger();

    final Upstream upstream = new Upstream();
    private final RouteFixture routes;
    private final FakeClock clock;
    private final int port;
    private String page = "";

    CachedShop(RouteFixture routes, FakeClock clock, @Value("${local.server.port}") int port) {
        this.routes = routes;
        this.clock = clock;
        this.port = port;
    }

    /** Of no other test, on a route with the usual cache. */
    void open() {
        upstream.reset();
        page = "/shop/" + PAGES.incrementAndGet();
        set(CachePolicy.USUAL);
        tick(Duration.ofMillis(1));
    }

    void set(CachePolicy policy) {
        routes.set(RouteDraft.of("shop", upstream.url()).cache(policy).route());
    }

    int port() {
        return port;
    }

    String page() {
        return page;
    }

    /** @param headers as {@code name: value} */
    void answers(String body, String... headers) {
        upstream.answers((request, response) -> {
            for (String header : headers) {
                String[] parts = header.split(": ", 2);
                response.addHeader(parts[0], parts[1]);
            }
            return response.sendString(Mono.just(body));
        });
    }

    String get(String... headers) throws IOException {
        return Wire.get(port, page, headers);
    }

    String send(String method, String path, String... headers) throws IOException {
        return Wire.exchange(port, method, path, headers);
    }

    void tick(Duration time) {
        var _ = clock.advance(time);
    }

    @Override
    public void close() {
        upstream.stop();
    }
}
