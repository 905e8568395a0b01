package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.gateway.route.Route;
import dev.sluice.gateway.route.RouteFixture;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Routes change while requests are under way, and no request is lost by that. */
@ProxyTest
class ReplacedRouteIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RouteFixture routes;

    @Autowired
    private MeterRegistry meters;

    @AfterAll
    static void stop() throws IOException {
        UPSTREAM.close();
    }

    @Test
    void finishesTheRequestsOfARouteThatIsReplacedOrRemoved() throws IOException {
        CountDownLatch changed = new CountDownLatch(1);
        UPSTREAM.plays(peer -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            changed.await();
            peer.write("4\r\nrest\r\n0\r\n\r\n");
            peer.readToEnd();
        });
        routes.set(variant("shop", 10));
        try (Wire wire = Wire.to(port)) {
            wire.send("GET /shop/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            wire.readUntil("half");
            routes.set(variant("shop", 20));
            routes.set();
            changed.countDown();
            assertThat(wire.readToEnd()).endsWith("rest\r\n0\r\n\r\n");
        }
    }

    @Test
    void answersAllRequestsWhileTheirRouteIsReplaced() throws Exception {
        UPSTREAM.plays(peer -> {
            while (true) {
                peer.readHead();
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        routes.set(variant("busy", 10));
        AtomicLong asked = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> changes = threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    routes.set(variant("busy", 20 + i));
                }
            });
            List<Future<String>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(threads.submit(() -> {
                    String answer = "";
                    do {
                        answer = Wire.get(port, "/busy/a");
                        asked.incrementAndGet();
                    } while (answer.startsWith("HTTP/1.1 200") && !changes.isDone());
                    return answer;
                }));
            }
            for (Future<String> caller : callers) {
                assertThat(caller.get()).startsWith("HTTP/1.1 200");
            }
        }
        // Counted once the answer has left, when its caller may have read it already.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(meters.get(RouteMeters.REQUESTS)
                                .tags("route", "busy", "outcome", "answered")
                                .counter()
                                .count())
                        .as("all variants together")
                        .isEqualTo((double) asked.get()));
    }

    private static Route variant(String id, int maxConnections) {
        return RouteDraft.of(id, UPSTREAM.url()).maxConnections(maxConnections).route();
    }
}
