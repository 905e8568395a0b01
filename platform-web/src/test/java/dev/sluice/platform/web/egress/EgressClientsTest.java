package dev.sluice.platform.web.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * What names, answers and spellings can bring the clients to connect to. Nothing here has passed {@link UrlRules}: this is what is left
 * when those have a hole. Of two loopback addresses one is allowed and the other is not.
 */
class EgressClientsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "receiver.example.com";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static final EgressPolicy POLICY = EgressPolicy.of(List.of(Ears.GOOD + "/32"), List.of());

    private Ears ears;

    @BeforeEach
    void listen() throws IOException {
        ears = Ears.saying(OK);
    }

    @AfterEach
    void close() throws IOException {
        ears.close();
    }

    @Test
    void aNameIsConnectedToWhereItWasCheckedAndResolvedOnceForEachConnection() {
        AtomicInteger lookups = new AtomicInteger();
        // Good to whoever checks, bad to whoever asks again to connect.
        ScriptedDns dns = new ScriptedDns(
                name -> List.of(InetAddress.ofLiteral(lookups.getAndIncrement() % 2 == 0 ? Ears.GOOD : Ears.BAD)));
        try (EgressClients clients = clients(dns)) {
            assertThat(get(clients, NAME)).isEqualTo("200");
            assertThat(lookups).hasValue(1);
            assertThat(get(clients, NAME)).isEqualTo("blocked");
            assertThat(get(clients, NAME)).isEqualTo("200");
            assertThat(lookups).hasValue(3);
        }
        assertThat(ears.goodConnections()).isEqualTo(2);
        assertThat(ears.badConnections()).isZero();
    }

    @Test
    void oneBadAddressAmongSeveralBlocksTheNameWhereverItStands() {
        for (List<String> addresses : List.of(
                List.of(Ears.BAD),
                List.of(Ears.GOOD, Ears.BAD),
                List.of(Ears.BAD, Ears.GOOD),
                List.of(Ears.GOOD, Ears.GOOD, Ears.GOOD, "10.0.0.1"),
                List.of(Ears.GOOD, "::1"),
                List.of(Ears.GOOD, "169.254.169.254", Ears.GOOD))) {
            try (EgressClients clients = clients(answering(addresses))) {
                assertThat(get(clients, NAME)).as("%s", addresses).isEqualTo("blocked");
            }
        }
        assertThat(ears.goodConnections()).isZero();
        assertThat(ears.badConnections()).isZero();
    }

    /** What is tried after the first address did not answer is what was checked with it. */
    @Test
    void theNextAddressOfANameIsOneThatWasChecked() {
        EgressPolicy two = EgressPolicy.of(List.of(Ears.GOOD + "/32", "127.0.0.3/32"), List.of());
        try (EgressClients clients = clients(two, answering(List.of("127.0.0.3", Ears.GOOD)))) {
            assertThat(get(clients, NAME)).isEqualTo("200");
        }
        assertThat(ears.goodConnections()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("denied")
    void noNameLeadsToADeniedAddress(InetAddress address) {
        try (EgressClients clients = clients(EgressPolicy.strict(), new ScriptedDns(name -> List.of(address)))) {
            assertThat(get(clients, "https://" + NAME + "/")).isEqualTo("blocked");
        }
    }

    static Stream<InetAddress> denied() {
        return DeniedAddresses.all();
    }

    /** As a resolver would answer that reads names like the C library does. */
    @Test
    void noSpellingOfALiteralPassesTheSocket() {
        ScriptedDns obliging = new ScriptedDns(name -> List.of(InetAddress.ofLiteral(Ears.BAD)));
        try (EgressClients clients = clients(obliging)) {
            Stream.of(
                            Spellings.ofIpv4(Ears.BAD).stream(),
                            Spellings.ofIpv6("::1").stream(),
                            Stream.of(Ears.BAD, "localhost"))
                    .flatMap(Function.identity())
                    .forEach(host -> assertThat(get(clients, "http://" + host + ":" + ears.port() + "/"))
                            .as(host)
                            .isIn("blocked", "not sent"));
        }
        assertThat(ears.badConnections()).isZero();
    }

    @Test
    void aliasesAreJudgedByWhereTheyEnd() throws Exception {
        try (TinyDns dns = new TinyDns()
                        .alias("a.example.com", "b.example.com")
                        .alias("b.example.com", "c.example.org")
                        .address("c.example.org", Ears.BAD)
                        .alias("metadata.example.com", "d.example.org")
                        .address("d.example.org", "169.254.169.254")
                        .alias("good.example.com", "e.example.org")
                        .address("e.example.org", Ears.GOOD)
                        .alias("mixed.example.com", "f.example.org")
                        .address("f.example.org", Ears.GOOD, "10.0.0.7")
                        .address("both.example.com", Ears.GOOD, "fd00:ec2::254")
                        .mapped("mapped.example.com", Ears.BAD)
                        .alias("loop.example.com", "loop.example.com");
                EgressClients clients = clients(dns.resolver())) {
            assertThat(get(clients, "good.example.com")).isEqualTo("200");
            assertThat(get(clients, "a.example.com")).isEqualTo("blocked");
            assertThat(get(clients, "metadata.example.com")).isEqualTo("blocked");
            assertThat(get(clients, "mixed.example.com")).isEqualTo("blocked");
            assertThat(get(clients, "both.example.com")).isEqualTo("blocked");
            assertThat(get(clients, "mapped.example.com")).isEqualTo("blocked");
            assertThat(get(clients, "loop.example.com")).isEqualTo("not sent");
            assertThat(get(clients, "nobody.example.com")).isEqualTo("not sent");
            assertThat(dns.queries()).isPositive();
        }
        assertThat(ears.goodConnections()).isEqualTo(1);
        assertThat(ears.badConnections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 305, 307, 308, 201, 200, 401, 407, 421, 511})
    void noAnswerLeadsElsewhere(int status) throws IOException {
        String elsewhere = "http://" + Ears.BAD + ":" + ears.port() + "/";
        try (Ears leading = Ears.saying("HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + elsewhere
                        + "\r\nRefresh: 0;url="
                        + elsewhere + "\r\nContent-Location: " + elsewhere + "\r\nAlt-Svc: h2=\"" + Ears.BAD + ":"
                        + ears.port()
                        + "\"; ma=60\r\nLink: <" + elsewhere + ">; rel=preload\r\nWWW-Authenticate: Negotiate\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n");
                EgressClients clients = clients(answering(List.of(Ears.GOOD)))) {
            String url = "http://" + NAME + ":" + leading.port() + "/";
            assertThat(get(clients, url)).isEqualTo(Integer.toString(status));
            assertThat(get(clients, url)).isEqualTo(Integer.toString(status));
            assertThat(leading.goodConnections()).isEqualTo(2);
            assertThat(leading.badConnections()).isZero();
        }
        assertThat(ears.goodConnections()).isZero();
        assertThat(ears.badConnections()).isZero();
    }

    /** A public address is no development address: what goes there is encrypted. */
    @Test
    void nothingGoesToTheInternetInClear() {
        try (EgressClients clients = clients(answering(List.of("8.8.8.8")))) {
            assertThat(get(clients, "http://" + NAME + "/")).isEqualTo("blocked");
            assertThat(get(clients, "http://8.8.8.8/")).isEqualTo("blocked");
        }
    }

    private String get(EgressClients clients, String nameOrUrl) {
        String url = nameOrUrl.contains("/") ? nameOrUrl : "http://" + nameOrUrl + ":" + ears.port() + "/";
        // What no URL can be made of is not sent either.
        return Optional.ofNullable(Mono.defer(
                                () -> clients.of(url).get().uri(url).response())
                        .map(response -> Integer.toString(response.status().code()))
                        .onErrorResume(failure -> Mono.just(outcome(failure)))
                        .block(PATIENCE))
                .orElseThrow();
    }

    private static String outcome(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BlockedAddressException) {
                return "blocked";
            }
            if (cause instanceof UnknownHostException || cause instanceof IllegalArgumentException) {
                return "not sent";
            }
        }
        return failure.toString();
    }

    private static ScriptedDns answering(List<String> addresses) {
        List<InetAddress> all = addresses.stream().map(InetAddress::ofLiteral).toList();
        return new ScriptedDns(name -> all);
    }

    private static EgressClients clients(AddressResolverGroup<InetSocketAddress> dns) {
        return clients(POLICY, dns);
    }

    private static EgressClients clients(EgressPolicy policy, AddressResolverGroup<InetSocketAddress> dns) {
        Duration patience = Duration.ofSeconds(5);
        return new EgressClients(
                policy,
                new EgressClients.Patience("test", patience, patience, patience, 5),
                Dialect.HTTP_2_OR_1_1,
                http -> http.resolver(dns).runOn(LOOPS, /* preferNative= */ false),
                trust -> {});
    }

    private static final LoopResources LOOPS = LoopResources.create("egress-test", 1, true);

    /** Answers each name with what it is told, without remembering. */
    private static final class ScriptedDns extends AddressResolverGroup<InetSocketAddress> {

        private final Function<String, List<InetAddress>> answers;

        ScriptedDns(Function<String, List<InetAddress>> answers) {
            this.answers = answers;
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    promise.setSuccess(answers.apply(name).getFirst());
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    promise.setSuccess(answers.apply(name));
                }
            });
        }
    }
}
