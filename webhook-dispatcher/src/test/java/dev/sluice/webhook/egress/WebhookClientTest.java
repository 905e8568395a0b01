package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.egress.Answer.Failure;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that answer well, badly, slowly, for ever or not at all. */
class WebhookClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] BODY = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final WebhookClient client = client(Duration.ofSeconds(2));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void postsTheBodyWithTheHeadersAndNoMore() throws Exception {
        AtomicReference<String> head = new AtomicReference<>("");
        try (RawReceiver receiver = new RawReceiver(connection -> {
            head.set(connection.head().toLowerCase(Locale.ROOT));
            connection.write(OK);
        })) {
            Answer answer = answer(receiver.url() + "?a=%20b");

            assertThat(answer).isInstanceOfSatisfying(Answer.Received.class, received -> {
                assertThat(received.status()).isEqualTo(200);
                assertThat(received.retryAfter()).isNull();
                assertThat(received.body().bytes()).asString().isEqualTo("ok");
            });
        }
        assertThat(head.get())
                .startsWith("post /hook?a=%20b http/1.1\r\n")
                .contains("content-length: 7\r\n", "user-agent: sluice-webhooks/1\r\n", "webhook-id: msg_1\r\n")
                .doesNotContain("transfer-encoding", "accept-encoding", "authorization", "cookie");
    }

    /** Each call of the kernel that sends costs as much as all else that is done for a request, here and at its receiver. */
    @Test
    void theHeadAndTheBodyLeaveTogether() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        UrlRules rules = new UrlRules(policy, Set.of(443), Set.of());
        try (RawReceiver receiver = new RawReceiver(connection -> {
                    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                    connection.hang();
                });
                WebhookClient counted = new WebhookClient(
                        policy,
                        rules,
                        properties(PATIENCE),
                        http -> http.doOnChannelInit((observer, channel, remote) ->
                                channel.pipeline().addFirst(new Sends(sent))),
                        trust -> {})) {
            for (int size : new int[] {1, 300, 100_000}) {
                sent.set(0);
                byte[] body = new byte[size];

                Probe probe = Optional.ofNullable(counted.post(receiver.url(), headers -> {}, body, Optional.empty())
                                .block(PATIENCE))
                        .orElseThrow();

                assertThat(status(probe.answer())).isEqualTo(200);
                assertThat(sent).as("%d bytes", size).hasValue(1);
            }
        }
    }

    /** Counts flushes of something. */
    private static final class Sends extends ChannelOutboundHandlerAdapter {

        private final AtomicInteger count;
        private boolean written;

        Sends(AtomicInteger count) {
            this.count = count;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            written = true;
            super.write(context, message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) throws Exception {
            if (written) {
                count.incrementAndGet();
            }
            written = false;
            super.flush(context);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsNoRedirect(int status) throws Exception {
        try (RawReceiver target = RawReceiver.saying(OK);
                RawReceiver receiver = RawReceiver.saying("HTTP/1.1 " + status + " Moved\r\nLocation: " + target.url()
                        + "\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(status(answer(receiver.url()))).isEqualTo(status);
            assertThat(target.connections()).isZero();
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    @Test
    void tellsWhatTheReceiverAsksFor() throws Exception {
        try (RawReceiver receiver =
                RawReceiver.saying("HTTP/1.1 429 Slow down\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(answer(receiver.url()))
                    .isInstanceOfSatisfying(
                            Answer.Received.class,
                            received -> assertThat(received.retryAfter()).isEqualTo("17"));
        }
    }

    @Test
    void keepsTheBeginningOfABodyThatNeverEnds() throws Exception {
        try (RawReceiver receiver = new RawReceiver(connection -> {
            connection.write("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                connection.write("x".repeat(8_192));
            }
        })) {
            assertThat(answer(receiver.url())).isInstanceOfSatisfying(Answer.Received.class, received -> {
                assertThat(received.status()).isEqualTo(200);
                assertThat(received.body().bytes()).hasSize(Body.MAX_BYTES);
            });
        }
    }

    @Test
    void aSuccessWhoseBodyDribblesForEverIsASuccess() throws Exception {
        try (RawReceiver receiver = new RawReceiver(connection -> {
            connection.write("HTTP/1.1 200 OK\r\n\r\n");
            while (!connection.closing().await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                connection.write("x");
            }
        })) {
            assertThat(status(answer(receiver.url()))).isEqualTo(200);
        }
    }

    @Test
    void aSuccessWhoseBodyStopsHalfWayIsASuccess() throws Exception {
        try (RawReceiver hanging = new RawReceiver(connection -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.hang();
                });
                RawReceiver closing = RawReceiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) {
            assertThat(status(answer(hanging.url()))).isEqualTo(200);
            assertThat(status(answer(closing.url()))).isEqualTo(200);
        }
    }

    @Test
    void doesNotWaitForEverForAHead() throws Exception {
        try (RawReceiver silent = new RawReceiver(RawReceiver.Connection::hang);
                RawReceiver dribbling = new RawReceiver(connection -> {
                    connection.write("HTTP/1.1 200 OK\r\nX: ");
                    while (!connection.closing().await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                        connection.write("x");
                    }
                })) {
            assertThat(failure(answer(silent.url()))).hasValue(Failure.TIMEOUT);
            assertThat(failure(answer(dribbling.url()))).hasValue(Failure.TIMEOUT);
        }
    }

    @Test
    void anEndpointsOwnTimeoutTakesThePlaceOfTheUsualOnes() throws Exception {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        Duration hour = Duration.ofHours(1);
        EgressProperties patient =
                new EgressProperties(List.of(), List.of(), Set.of(443), Set.of(), Duration.ofSeconds(1), hour, hour, 5);
        try (RawReceiver silent = new RawReceiver(RawReceiver.Connection::hang);
                WebhookClient waiting =
                        new WebhookClient(policy, new UrlRules(policy, Set.of(443), Set.of()), patient)) {
            Answer answer = waiting.post(silent.url(), headers -> {}, BODY, Optional.of(Duration.ofSeconds(1)))
                    .map(Probe::answer)
                    .block(PATIENCE);

            assertThat(answer).isEqualTo(new Answer.Missing(Failure.TIMEOUT));
        }
    }

    @Test
    void anEmptyOrBrokenAnswerIsNone() throws Exception {
        try (RawReceiver empty = RawReceiver.saying("");
                RawReceiver garbage = RawReceiver.saying("SSH-2.0-OpenSSH_9.6\r\n\r\n");
                RawReceiver longHead =
                        RawReceiver.saying("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\nbody")) {
            assertThat(failure(answer(empty.url()))).hasValue(Failure.CLOSED);
            assertThat(failure(answer(garbage.url()))).hasValue(Failure.PROTOCOL);
            assertThat(failure(answer(longHead.url()))).hasValue(Failure.PROTOCOL);
            assertThat(empty.connections())
                    .as("nothing is repeated behind our back")
                    .isEqualTo(1);
        }
    }

    @Test
    void leavesCompressedBodiesAsTheyAre() throws Exception {
        try (RawReceiver receiver =
                RawReceiver.saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb")) {
            assertThat(answer(receiver.url()))
                    .isInstanceOfSatisfying(
                            Answer.Received.class,
                            received -> assertThat(received.body().bytes())
                                    .asString()
                                    .isEqualTo("bomb"));
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        // Bound, so that nobody else can have it, and not listening.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(failure(answer("http://127.0.0.1:" + taken.getLocalPort() + "/")))
                    .hasValue(Failure.CONNECT);
        }
    }

    @Test
    void saysThatTlsFailed() throws Exception {
        try (RawReceiver receiver = RawReceiver.saying("this is no TLS\r\n\r\n")) {
            assertThat(failure(answer("https://127.0.0.1:" + receiver.port() + "/")))
                    .isPresent()
                    .get()
                    .isIn(Failure.TLS, Failure.TIMEOUT, Failure.CLOSED);
        }
    }

    @Test
    void anUrlThatTheRulesNoLongerAllowIsNotConnectedTo() throws Exception {
        try (RawReceiver receiver = RawReceiver.saying(OK);
                WebhookClient strict = new WebhookClient(
                        EgressPolicy.strict(),
                        new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of()),
                        properties(Duration.ofSeconds(2)))) {
            Answer answer = strict.post(receiver.url(), headers -> {}, BODY, Optional.empty())
                    .map(Probe::answer)
                    .block(PATIENCE);

            assertThat(answer).isEqualTo(new Answer.Missing(Failure.BLOCKED_ADDRESS));
            assertThat(receiver.connections()).isZero();
        }
    }

    private Answer answer(String url) {
        return Optional.ofNullable(
                        client.post(url, headers -> headers.set("webhook-id", "msg_1"), BODY, Optional.empty())
                                .map(Probe::answer)
                                .block(PATIENCE))
                .orElseThrow();
    }

    private static int status(Answer answer) {
        return switch (answer) {
            case Answer.Received received -> received.status();
            case Answer.Missing missing -> throw new AssertionError("no answer: " + missing);
        };
    }

    private static Optional<Failure> failure(Answer answer) {
        return switch (answer) {
            case Answer.Received received -> throw new AssertionError("an answer: " + received.status());
            case Answer.Missing missing -> Optional.of(missing.failure());
        };
    }

    private static WebhookClient client(Duration total) {
        EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
        return new WebhookClient(policy, new UrlRules(policy, Set.of(443), Set.of()), properties(total));
    }

    static EgressProperties properties(Duration total) {
        return new EgressProperties(
                List.of(), List.of(), Set.of(443), Set.of(), Duration.ofSeconds(1), Duration.ofSeconds(1), total, 5);
    }
}
