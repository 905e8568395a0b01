package dev.sluice.cache.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.web.egress.Dialect;
import dev.sluice.platform.web.egress.EgressClients;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.internal.shaded.reactor.pool.PoolShutdownException;

class OriginClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What is known of a host that is asked for nothing is forgotten, at a moment that may be that of the next request. */
    @Test
    void whatWasNotSentAsItsPoolWasThrownAwayIsSentOnceMore() {
        AtomicInteger thrownAway = new AtomicInteger();
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        try (FakeOrigin server = new FakeOrigin();
                OriginClient client = new OriginClient(
                        new UrlRules(policy, Set.of(443), Set.of()),
                        new OriginHeaders(
                                new Keyring(Map.of("k", new SecretKeySpec(new byte[32], "AES")), new SecureRandom())),
                        new EgressClients(
                                policy,
                                new EgressClients.Patience("test", PATIENCE, PATIENCE, PATIENCE, 5),
                                Dialect.HTTP_1_1,
                                http -> http.mapConnect(connect -> Mono.defer(() -> thrownAway.getAndDecrement() > 0
                                        ? Mono.error(new PoolShutdownException())
                                        : connect)),
                                trust -> {}))) {
            server.answers("/a", 200, "one", Map.of());
            Origin origin = new Origin("acme|n", server.url("/a"), Map.of(), new LoadPatience(PATIENCE, PATIENCE));
            thrownAway.set(1);
            assertThat(client.fetchDocument(origin, origin.url(), 1_000).blockOptional(PATIENCE))
                    .isPresent();
            assertThat(server.asked()).hasSize(1);

            thrownAway.set(2);
            assertThatThrownBy(() ->
                            client.fetchDocument(origin, origin.url(), 1_000).block(PATIENCE))
                    .as("no more than once")
                    .isInstanceOf(OriginException.class);
            assertThat(server.asked()).hasSize(1);
        }
    }
}
