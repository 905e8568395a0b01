package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A receiver that takes one request over each connection, and leaves all but the first unanswered. */
class Http2PoolTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final SelfSigned CERTIFICATE = SelfSigned.of("ip:127.0.0.1");
    private static final int CONNECTIONS = 3;

    @Test
    void opensNoMoreConnectionsThanItMay() {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        EgressProperties properties = new EgressProperties(
                List.of(), List.of(), Set.of(443), Set.of(), PATIENCE, PATIENCE, PATIENCE, CONNECTIONS);
        try (Http2Receiver receiver = new Http2Receiver(
                        CERTIFICATE, Http2Settings.defaultSettings().maxConcurrentStreams(1), request -> {
                            if (request.number() == 1) {
                                request.answer(204);
                            }
                        });
                WebhookClient client = new WebhookClient(
                        policy,
                        new UrlRules(policy, Set.of(443), Set.of()),
                        properties,
                        UnaryOperator.identity(),
                        trust -> trust.trustManager(CERTIFICATE.certificate()))) {
            assertThat(post(client, receiver, Optional.empty()).blockOptional(PATIENCE))
                    .hasValueSatisfying(probe -> assertThat(probe.answer()).isInstanceOf(Answer.Received.class));

            // The others wait for a connection until those that have one are over.
            assertThat(Flux.range(0, 20)
                            .flatMap(i -> post(client, receiver, Optional.of(Duration.ofSeconds(3))), 20)
                            .map(Probe::answer)
                            .collectList()
                            .blockOptional(PATIENCE)
                            .orElseThrow())
                    .hasSize(20)
                    .hasOnlyElementsOfType(Answer.Missing.class);
            assertThat(receiver.connections()).isLessThanOrEqualTo(CONNECTIONS);
        }
    }

    private static Mono<Probe> post(WebhookClient client, Http2Receiver receiver, Optional<Duration> timeout) {
        return client.post(receiver.url(), headers -> {}, new byte[] {'1'}, timeout);
    }
}
