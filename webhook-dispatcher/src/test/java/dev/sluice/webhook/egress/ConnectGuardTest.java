package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.egress.Answer.Failure;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;

/** Names are public when they are registered; what they lead to is decided when connecting. */
class ConnectGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "receiver.example.com";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "0.0.0.0",
                "::1",
                "::127.0.0.1",
                "fd00:ec2::254",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "fe80::1"
            })
    void aNameThatLeadsInsideIsNotConnectedTo(String address) throws Exception {
        try (RawReceiver receiver = RawReceiver.saying("")) {
            assertThat(answer(EgressPolicy.strict(), receiver.port(), address))
                    .isEqualTo(new Answer.Missing(Failure.BLOCKED_ADDRESS));
            assertThat(receiver.connections()).isZero();
        }
    }

    @Test
    void aMappedAddressFromDnsIsNotConnectedTo() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress address = java.net.Inet6Address.getByAddress(null, mapped, -1);
        try (RawReceiver receiver = RawReceiver.saying("")) {
            assertThat(answer(EgressPolicy.strict(), receiver.port(), List.of(address)))
                    .isEqualTo(new Answer.Missing(Failure.BLOCKED_ADDRESS));
            assertThat(receiver.connections()).isZero();
        }
    }

    @Test
    void oneBadAddressAmongGoodOnesBlocksTheName() throws Exception {
        try (RawReceiver receiver = RawReceiver.saying("")) {
            for (List<String> addresses : List.of(
                    List.of("192.0.2.1", "127.0.0.1"),
                    List.of("127.0.0.1", "8.8.8.8"),
                    List.of("8.8.8.8", "8.8.4.4", "::1"))) {
                assertThat(answer(EgressPolicy.strict(), receiver.port(), addresses.toArray(String[]::new)))
                        .as("%s", addresses)
                        .isEqualTo(new Answer.Missing(Failure.BLOCKED_ADDRESS));
            }
            assertThat(receiver.connections()).isZero();
        }
    }

    @Test
    void withoutTheDenyListTheSameNameWouldConnect() throws Exception {
        EgressPolicy development = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        try (RawReceiver receiver = RawReceiver.saying("")) {
            assertThat(answer(development, receiver.port(), "127.0.0.1"))
                    .as("it is reached, but speaks no TLS")
                    .isNotEqualTo(new Answer.Missing(Failure.BLOCKED_ADDRESS));
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    /** Nothing was sent and nobody refused anything: the pool of a host that was not used for long was thrown away under the request. */
    @Test
    void whatAPoolDroppedIsBegunOnceMore() throws Exception {
        EgressPolicy development = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        FixedDns dropping = new FixedDns(List.of(InetAddress.ofLiteral("127.0.0.1")));
        try (RawReceiver receiver = RawReceiver.saying("")) {
            dropping.drop(1);
            assertThat(answer(development, receiver.port(), dropping)).isInstanceOf(Answer.Missing.class);
            assertThat(receiver.connections())
                    .as("it is reached, but speaks no TLS")
                    .isEqualTo(1);
            dropping.drop(2);
            assertThat(answer(development, receiver.port(), dropping)).isInstanceOf(Answer.Missing.class);
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    @Test
    void aNameThatIsNotThereSaysSo() {
        assertThat(answer(EgressPolicy.strict(), 443, List.of())).isEqualTo(new Answer.Missing(Failure.UNKNOWN_HOST));
    }

    private static Answer answer(EgressPolicy policy, int port, String... addresses) {
        return answer(
                policy, port, Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    }

    private static Answer answer(EgressPolicy policy, int port, List<InetAddress> addresses) {
        return answer(policy, port, new FixedDns(addresses));
    }

    private static Answer answer(EgressPolicy policy, int port, FixedDns dns) {
        UrlRules rules = new UrlRules(policy, Set.of(port), Set.of());
        EgressProperties properties = WebhookClientTest.properties(Duration.ofSeconds(2));
        try (WebhookClient client =
                new WebhookClient(policy, rules, properties, http -> http.resolver(dns), trust -> {})) {
            Answer answer = client.post(
                            "https://" + NAME + ":" + port + "/", headers -> {}, new byte[0], Optional.empty())
                    .map(Probe::answer)
                    .block(PATIENCE);
            return java.util.Objects.requireNonNull(answer);
        }
    }

    /** Answers every name with the same addresses. */
    private static final class FixedDns extends AddressResolverGroup<InetSocketAddress> {
        private final List<InetAddress> addresses;
        private final AtomicInteger drops = new AtomicInteger();

        /** So many look-ups end as if the pool had been thrown away that wanted them. */
        void drop(int lookups) {
            drops.set(lookups);
        }

        FixedDns(List<InetAddress> addresses) {
            this.addresses = addresses;
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    if (addresses.isEmpty()) {
                        promise.setFailure(new UnknownHostException(name));
                        return;
                    }
                    promise.setSuccess(addresses.getFirst());
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    if (drops.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        promise.setFailure(new PoolShutdownException());
                        return;
                    }
                    if (addresses.isEmpty()) {
                        promise.setFailure(new UnknownHostException(name));
                        return;
                    }
                    promise.setSuccess(new ArrayList<>(addresses));
                }
            });
        }
    }
}
