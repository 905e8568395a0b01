package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** What tenants have the clients remember ends: whoever has a domain has as many hosts as he likes. */
class ForgettingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EgressPolicy POLICY = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** The pools there are; one for each host that was asked for something. */
    private static final class Pools implements ConnectionProvider.MeterRegistrar {

        private final Set<String> open = ConcurrentHashMap.newKeySet();
        private final Set<String> ever = ConcurrentHashMap.newKeySet();

        @Override
        public void registerMetrics(String name, String id, SocketAddress remote, ConnectionPoolMetrics metrics) {
            open.add(name + id);
            ever.add(name + id);
        }

        @Override
        public void deRegisterMetrics(String name, String id, SocketAddress remote) {
            open.remove(name + id);
        }
    }

    @Test
    void aHostThatNothingIsSentToIsForgotten() throws Exception {
        Pools pools = new Pools();
        Duration patience = Duration.ofSeconds(10);
        try (Ears ears = Ears.saying(OK);
                EgressClients clients = new EgressClients(
                        POLICY,
                        new EgressClients.Patience("test", patience, patience, patience, 5),
                        Dialect.HTTP_2_OR_1_1,
                        UnaryOperator.identity(),
                        trust -> trust.trustManager(InsecureTrustManagerFactory.INSTANCE),
                        new EgressClients.Forgetting(Duration.ofMillis(50), Duration.ofSeconds(1), PATIENCE),
                        pool -> pool.metrics(true, () -> pools)
                                .maxIdleTime(Duration.ofMillis(100))
                                .evictInBackground(Duration.ofMillis(50)))) {
            for (int host = 1; host <= 20; host++) {
                String place = "127.1.0." + host + ":" + ears.port() + "/";
                // Nobody listens there, which is as much of a host as any other.
                get(clients, "http://" + place);
                get(clients, "https://" + place);
            }
            assertThat(get(clients, "http://" + Ears.GOOD + ":" + ears.port() + "/"))
                    .isEqualTo("200");
            assertThat(pools.ever)
                    .as("of hosts in clear, and of those that may speak HTTP/2 two")
                    .hasSizeGreaterThanOrEqualTo(61);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(pools.open).isEmpty());
            assertThat(get(clients, "http://" + Ears.GOOD + ":" + ears.port() + "/"))
                    .isEqualTo("200");
        }
    }

    /** Else it would go on to where the name led once, for as long as there is something to send. */
    @Test
    void aConnectionThatIsAlwaysUsedEndsAllTheSame() throws Exception {
        Duration patience = Duration.ofSeconds(10);
        Set<InetSocketAddress> callers = ConcurrentHashMap.newKeySet();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", exchange -> {
            callers.add(exchange.getRemoteAddress());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try (EgressClients clients = new EgressClients(
                POLICY,
                new EgressClients.Patience("test", patience, patience, patience, 5),
                Dialect.HTTP_2_OR_1_1,
                UnaryOperator.identity(),
                trust -> {},
                new EgressClients.Forgetting(PATIENCE, PATIENCE, Duration.ofSeconds(1)),
                pool -> {})) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                assertThat(get(
                                clients,
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                        .isEqualTo("204");
                assertThat(callers).hasSizeGreaterThan(1);
            });
        } finally {
            server.stop(0);
        }
    }

    /** They come from the name servers of tenants. */
    @Test
    void answersOfNameServersCountForSoLongAtMostWhateverTheySay() throws Exception {
        try (TinyDns dns = new TinyDns().address("receiver.example.com", "127.0.0.1")) {
            AddressResolverGroup<?> names = dns.resolver(Duration.ofSeconds(1));
            LoopResources loops = LoopResources.create("forgetting", 1, true);
            EventExecutor loop = loops.onClient(LoopResources.DEFAULT_NATIVE).next();
            resolve(names, loop);
            int asked = dns.queries();
            assertThat(asked).isPositive();

            await().atMost(PATIENCE).untilAsserted(() -> {
                resolve(names, loop);
                assertThat(dns.queries()).isGreaterThan(asked);
            });
            names.close();
            loops.dispose();
        }
    }

    /** Threads remember whatever looks names up on them; a test event would leave one behind each time. */
    @Test
    void allClientsLookNamesUpTheSameWay() {
        Duration patience = Duration.ofSeconds(10);
        try (EgressClients clients = new EgressClients(
                POLICY,
                new EgressClients.Patience("test", patience, patience, patience, 5),
                Dialect.HTTP_2_OR_1_1,
                UnaryOperator.identity(),
                trust -> {})) {
            AddressResolverGroup<?> names = namesOf(clients.of("https://example.com/"));
            assertThat(namesOf(clients.of("http://example.com/"))).isSameAs(names);
            for (int i = 0; i < 3; i++) {
                assertThat(clients.fresh("https://example.com/", client -> Mono.just(namesOf(client)))
                                .blockOptional(PATIENCE))
                        .hasValueSatisfying(fresh -> assertThat(fresh).isSameAs(names));
            }
        }
    }

    private static AddressResolverGroup<?> namesOf(HttpClient client) {
        AddressResolverGroup<?> names = client.configuration().resolver();
        assertThat(names).isNotNull();
        return java.util.Objects.requireNonNull(names);
    }

    @SuppressWarnings("unchecked")
    private static void resolve(AddressResolverGroup<?> names, EventExecutor loop) {
        AddressResolver<InetSocketAddress> resolver = (AddressResolver<InetSocketAddress>) names.getResolver(loop);
        assertThat(resolver.resolve(InetSocketAddress.createUnresolved("receiver.example.com", 443))
                        .awaitUninterruptibly()
                        .isSuccess())
                .isTrue();
    }

    private static String get(EgressClients clients, String url) {
        return clients.of(url)
                .get()
                .uri(url)
                .responseSingle((response, body) ->
                        body.asString().thenReturn(response.status().toString().substring(0, 3)))
                .onErrorResume(failure -> Mono.just("none"))
                .blockOptional(PATIENCE)
                .orElse("");
    }
}
