package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Receivers that do over HTTP/2 what nobody should. Each request to them has an outcome in bounded time, and what they do ends with it: they are not
 * listened to any longer than an answer may take.
 */
class HostileHttp2Test {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] BODY = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
    private static final SelfSigned CERTIFICATE = SelfSigned.of("ip:127.0.0.1");
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    /** An entry of the static table of HPACK: {@code :status 200} (RFC 7541, appendix A). */
    private static final byte OK = (byte) 0x88;

    private final EgressPolicy policy = EgressPolicy.of(List.of("127.0.0.0/8"), List.of());
    private final WebhookClient client = new WebhookClient(
            policy,
            new UrlRules(policy, Set.of(443), Set.of()),
            WebhookClientTest.properties(Duration.ofSeconds(2)),
            UnaryOperator.identity(),
            trust -> trust.trustManager(CERTIFICATE.certificate()));

    @AfterEach
    void close() {
        client.close();
    }

    static Stream<Arguments> harm() {
        return Stream.of(
                harm("interim answers without end", HostileHttp2Test::interimForEver, "protocol"),
                harm("switches protocols", request -> request.head(101, /* last= */ false), "protocol", "closed"),
                harm("a head that is too large", request -> head(request, 20_000), "protocol", "closed"),
                harm("a head in pieces without end", HostileHttp2Test::headForEver, "protocol", "closed"),
                harm(
                        "a head in empty pieces without end",
                        request -> {
                            request.raw(HEADERS, 0, request.stream(), new byte[] {OK});
                            request.rawForEver(Http2Receiver.frame(CONTINUATION, 0, request.stream(), new byte[0]));
                        },
                        "protocol",
                        "closed"),
                harm(
                        "a head that cannot be unpacked",
                        request -> request.raw(
                                HEADERS, END_HEADERS, request.stream(), new byte[] {(byte) 0xff, (byte) 0xff, 0x7f}),
                        "closed"),
                harm(
                        "a body before a head",
                        request -> request.data("x", /* last= */ false),
                        "closed",
                        "protocol",
                        "timeout"),
                harm(
                        "resets without end",
                        request -> {
                            request.answer(200);
                            request.rawForEver(Http2Receiver.frame(RST_STREAM, 0, request.stream(), new byte[4]));
                        },
                        "200",
                        "closed"),
                harm(
                        "windows without end",
                        request -> request.rawForEver(
                                Http2Receiver.frame(WINDOW_UPDATE, 0, request.stream(), new byte[] {0, 0, 0, 1})),
                        "closed",
                        "timeout"),
                harm(
                        "promises that nobody wants",
                        request -> request.raw(PUSH_PROMISE, END_HEADERS, request.stream(), new byte[] {
                            0, 0, 0, 2, (byte) 0x82, (byte) 0x87, (byte) 0x84
                        }),
                        "closed",
                        "timeout"),
                harm("is reset", request -> request.reset(Http2Error.ENHANCE_YOUR_CALM), "closed"),
                harm(
                        "goes away in anger",
                        request -> request.raw(
                                GOAWAY,
                                0,
                                0,
                                ByteBuffer.allocate(8)
                                        .putInt(request.stream())
                                        .putInt((int) Http2Error.ENHANCE_YOUR_CALM.code())
                                        .array()),
                        "timeout",
                        "closed"),
                harm(
                        "a frame that is too large",
                        request -> request.raw(0, 0, request.stream(), new byte[100_000]),
                        "closed",
                        "protocol"));
    }

    private static Arguments harm(String what, Http2Receiver.Behaviour behaviour, String... outcomes) {
        return Arguments.of(what, behaviour, List.of(outcomes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harm")
    void hasAnOutcomeAndComesToAnEnd(String what, Http2Receiver.Behaviour behaviour, List<String> outcomes) {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            if (request.number() == 1) {
                behaviour.answer(request);
            } else {
                request.answer(418);
            }
        })) {
            assertThat(post(receiver)).as(what).isIn(outcomes);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(post(receiver)).as("after " + what).isEqualTo("418"));
        }
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                flood("pings", Http2Receiver.frame(PING, 0, 0, new byte[8])),
                flood("answers to pings that nobody sent", Http2Receiver.frame(PING, 1, 0, new byte[8])),
                flood("settings", Http2Receiver.frame(SETTINGS, 0, 0, new byte[0])),
                flood(
                        "frames of a kind that there is not",
                        Http2Receiver.frame('T', 'T', 0x502f312e, "1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII))));
    }

    private static Arguments flood(String what, ByteBuf frame) {
        return Arguments.of(what, many(frame));
    }

    /** So many at once that a busy machine sends more of them than each request earns. */
    private static ByteBuf many(ByteBuf frame) {
        ByteBuf many = Unpooled.buffer();
        for (int i = 0; i < 200; i++) {
            many.writeBytes(frame.duplicate());
        }
        return many;
    }

    /** Of no request, so no limit of an answer holds them; each request to it goes on having an outcome. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void whoSendsNothingElseWithoutEndIsNotListenedTo(String what, ByteBuf frame) {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            if (request.connection() == 1) {
                request.rawForEver(frame);
            } else {
                request.answer(418);
            }
        })) {
            // On a busy machine the attempt may end before the flood has been enough of one.
            assertThat(post(receiver)).as(what).isIn("closed", "timeout");
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(post(receiver)).as("after " + what).isEqualTo("418"));
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    /** Nothing is asked for any more, so nothing else would end it. */
    @Test
    void whoGoesOnAfterTheAnswerIsNotListenedTo() {
        for (ByteBuf flood : List.of(
                Http2Receiver.frame(PING, 1, 0, new byte[8]),
                Http2Receiver.frame(SETTINGS, 1, 0, new byte[0]),
                Http2Receiver.frame(WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 0, 1}))) {
            try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
                request.answer(204);
                if (request.number() == 1) {
                    request.rawForEver(many(flood));
                }
            })) {
                assertThat(post(receiver)).isIn("204", "closed");
                await().atMost(PATIENCE).untilAsserted(() -> {
                    post(receiver);
                    assertThat(receiver.connections()).isGreaterThan(1);
                });
            }
        }
    }

    @Test
    void keepsTheBeginningOfABodyThatNeverEndsAndTheConnection() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            if (request.number() > 3) {
                request.answer(418);
                return;
            }
            request.head(200, /* last= */ false);
            request.data("x".repeat(1_000_000), /* last= */ false);
        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(answer(receiver)).isInstanceOfSatisfying(Answer.Received.class, received -> {
                    assertThat(received.status()).isEqualTo(200);
                    assertThat(received.body().bytes()).hasSize(Body.MAX_BYTES);
                });
            }
            assertThat(post(receiver)).isEqualTo("418");
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    @Test
    void aSuccessWhoseBodyStopsHalfWayIsASuccess() {
        try (Http2Receiver hanging = new Http2Receiver(CERTIFICATE, request -> {
                    request.head(200, /* last= */ false);
                    request.data("half", /* last= */ false);
                });
                Http2Receiver resetting = new Http2Receiver(CERTIFICATE, request -> {
                    request.head(200, /* last= */ false);
                    request.data("half", /* last= */ false);
                    request.reset(Http2Error.INTERNAL_ERROR);
                })) {
            assertThat(post(hanging)).isEqualTo("200");
            assertThat(post(resetting)).isEqualTo("200");
        }
    }

    @Test
    void someInterimAnswersArePassedOver() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            request.head(100, /* last= */ false);
            request.head(103, /* last= */ false);
            request.head(102, /* last= */ false);
            request.answer(204);
        })) {
            assertThat(post(receiver)).isEqualTo("204");
        }
    }

    @Test
    void whoTakesNoBodyOrNoStreamIsNotWaitedForLonger() {
        try (Http2Receiver noWindow = new Http2Receiver(
                        CERTIFICATE,
                        Http2Settings.defaultSettings().initialWindowSize(0),
                        request -> request.answer(204));
                Http2Receiver noStreams = new Http2Receiver(
                        CERTIFICATE,
                        Http2Settings.defaultSettings().maxConcurrentStreams(0),
                        request -> request.answer(204))) {
            assertThat(post(noWindow)).isEqualTo("timeout");
            assertThat(post(noStreams)).isIn("closed", "timeout", "protocol");
            assertThat(post(noStreams)).isIn("closed", "timeout", "protocol");
            assertThat(noStreams.requests()).isZero();
        }
    }

    /** The connection stays open, and takes what is written to it: only that nobody is there tells that it is dead. */
    @Test
    void aConnectionThatNobodyAnswersOnIsGivenUp() {
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            if (request.connection() == 1) {
                request.connectionChannel().pipeline().addFirst(new Deaf());
            } else {
                request.answer(204);
            }
        })) {
            assertThat(post(receiver)).isIn("timeout", "closed");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(post(receiver)).isEqualTo("204"));
        }
    }

    /** An attempt may be over before it is time to ask; what comes after it must not go to nobody. */
    @Test
    void whoDidNotAnswerIsAskedThoughNobodyWaitsAnyMore() {
        AtomicInteger pings = new AtomicInteger();
        try (Http2Receiver receiver = new Http2Receiver(CERTIFICATE, request -> {
            if (request.number() == 1) {
                request.connectionChannel().pipeline().addLast(new Pings(pings));
                request.answer(204);
            }
        })) {
            assertThat(post(receiver)).isEqualTo("204");
            // Shorter than the silence after which is asked.
            Optional<Duration> brief = Optional.of(Duration.ofMillis(300));
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2_300))
                    .untilAsserted(() -> {
                        assertThat(client.post(receiver.url(), headers -> {}, BODY, brief)
                                        .blockOptional(PATIENCE))
                                .isPresent();
                        assertThat(pings).hasPositiveValue();
                    });
        }
    }

    private static final class Pings extends ChannelInboundHandlerAdapter {

        private final AtomicInteger pings;

        Pings(AtomicInteger pings) {
            this.pings = pings;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2PingFrame ping && !ping.ack()) {
                pings.incrementAndGet();
            }
            ReferenceCountUtil.release(message);
        }
    }

    private static final class Deaf extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    private static void interimForEver(Http2Receiver.Request request) {
        for (int i = 0; i < 1_000; i++) {
            request.head(103, /* last= */ false);
        }
    }

    private static void head(Http2Receiver.Request request, int size) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(OK);
        for (int i = 0; i < size / 100; i++) {
            block.writeBytes(header(i));
        }
        int max = 16_000;
        byte[] all = block.toByteArray();
        request.raw(HEADERS, 0, request.stream(), java.util.Arrays.copyOf(all, max));
        request.raw(CONTINUATION, END_HEADERS, request.stream(), java.util.Arrays.copyOfRange(all, max, all.length));
    }

    private static void headForEver(Http2Receiver.Request request) {
        request.raw(HEADERS, 0, request.stream(), new byte[] {OK});
        request.rawForEver(Http2Receiver.frame(CONTINUATION, 0, request.stream(), header(1)));
    }

    /** A literal that is not indexed (RFC 7541, section 6.2.2). */
    private static byte[] header(int number) {
        byte[] name = ("x-" + number).getBytes(StandardCharsets.US_ASCII);
        byte[] value = "v".repeat(90).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(3 + name.length + value.length)
                .put((byte) 0)
                .put((byte) name.length)
                .put(name)
                .put((byte) value.length)
                .put(value)
                .array();
    }

    private String post(Http2Receiver receiver) {
        return switch (answer(receiver)) {
            case Answer.Received received -> Integer.toString(received.status());
            case Answer.Missing missing -> missing.failure().code();
        };
    }

    private Answer answer(Http2Receiver receiver) {
        return client.post(receiver.url(), headers -> {}, BODY, Optional.empty())
                .blockOptional(PATIENCE)
                .orElseThrow()
                .answer();
    }
}
