package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.relay.Wire;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.LocalKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stream of events over a WebSocket. */
@SpringBootTest(
        classes = StreamSlice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
            "sluice.web.idle-timeout=1s",
            "sluice.web.read-timeout=1s",
            "sluice.web.request-timeout=1s",
            "sluice.kafka.max-partitions=3",
            "sluice.gateway.stream.heartbeat=200ms"
        })
@Timeout(120)
@SuppressWarnings("NullAway.Init") // The publisher is made before each test.
class WebSocketStreamIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RecordPublishers publishers;

    @Autowired
    private EventTailListener tail;

    @Autowired
    private OpenStreams streams;

    @Autowired
    private MeterRegistry meters;

    private final String tenant = "tenant-" + UUID.randomUUID();
    private TestPublisher publisher;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
    }

    @BeforeEach
    void awaitLog() {
        publisher = new TestPublisher(publishers, tenant);
        await().atMost(PATIENCE).until(() -> tail.positions().isPresent());
    }

    @Test
    void tellsWhatComesAndGoesOnWhereAClientLeftOff() throws Exception {
        String id;
        try (Client client = connect("")) {
            assertThat(client.next("open").path("id").asString()).isNotEmpty();
            publisher.publish("order.created", "c-1");
            JsonNode first = client.next("event");
            assertThat(first.path("event").path("type").asString()).isEqualTo("order.created");
            assertThat(first.path("event").path("data").path("n").asInt()).isZero();
            id = first.path("id").asString();
        }
        int count = 700;
        for (int i = 1; i <= count; i++) {
            publisher.send("n", "c-" + i % 10, "").join();
        }
        List<Integer> heard = new ArrayList<>();
        while (heard.size() < count) {
            try (Client client = connect("?lastEventId=" + id)) {
                for (int i = 0; i < 150 && heard.size() < count; i++) {
                    JsonNode event = client.next("event");
                    heard.add(event.path("event").path("data").path("n").asInt());
                    id = event.path("id").asString();
                }
            }
        }
        assertThat(heard)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, count).boxed().toList());
    }

    @Test
    void isNoRequestThatTookSoLong() throws Exception {
        connect("").close();
        await().atMost(PATIENCE)
                .until(() -> meters.get("http.server.requests.active").longTaskTimers().stream()
                        .allMatch(timer -> timer.activeTasks() == 0));
        assertThat(meters.find("http.server.requests").tag("status", "101").timers())
                .isEmpty();
    }

    @Test
    void filtersAndKeepsOtherTenantsOut() throws Exception {
        new TestPublisher(publishers, "other-" + tenant).publish("order.created", "c-1");
        publisher.publish("order.created", "d-1");
        publisher.publish("invoice.paid", "c-1");
        publisher.publish("order.created", "c-1");
        try (Client client = connect("?type=order.*&subject=c-*&since=PT1H")) {
            assertThat(client.next("event").path("event").path("id").asString()).isEqualTo("2");
        }
    }

    @Test
    void pingsAndTellsThatItIsAlive() throws Exception {
        try (Client client = connect("")) {
            assertThat(client.next("heartbeat").size()).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                assertThat(client.next("heartbeat")).isNotNull();
            }
            await().atMost(PATIENCE).until(() -> client.pings.get() > 3);
            client.socket.sendPing(ByteBuffer.wrap(new byte[] {1})).get(10, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> client.pongs.get() == 1);
        }
    }

    @Test
    void passesOverAFewMessagesAndRefusesManyOrBinaryOnes() throws Exception {
        try (Client client = connect("")) {
            client.socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            publisher.publish("still.here", "c-1");
            assertThat(client.next("event")).isNotNull();
            for (int i = 0; i < ClientFrames.MOST_IN_WINDOW; i++) {
                client.socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            }
            assertThat(client.closed()).isEqualTo("1008 too_many_messages");
        }
        try (Client client = connect("")) {
            client.socket.sendBinary(ByteBuffer.wrap(new byte[1]), true).get(10, TimeUnit.SECONDS);
            assertThat(client.closed()).isEqualTo("1003 binary_message");
        }
        try (Client client = connect("")) {
            client.socket.sendText("x".repeat(8_000), true).get(10, TimeUnit.SECONDS);
            assertThat(client.closed()).startsWith("1009");
        }
        await().atMost(PATIENCE).until(() -> streams.size() == 0);
    }

    @Test
    void saysWhyItEnds() throws Exception {
        double before = revoked();
        try (Client client = connect("")) {
            assertThat(client.next("open")).isNotNull();
            streams.closeIf(owner -> Optional.of(CloseReason.KEY_INVALID));
            assertThat(client.closed()).isEqualTo("1008 key_invalid");
        }
        await().atMost(PATIENCE).until(() -> revoked() > before && streams.size() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "?lastEventId=garbage, Origin: http://gateway,        400, lastEventId",
        "'',                   Origin: https://evil.example,  403, Origin",
        "'',                   Sec-WebSocket-Key: second,     400, Sec-WebSocket-Key"
    })
    void refusesWithAProblem(String query, String header, int status, String field) throws Exception {
        String answer = Wire.get(
                port,
                "/api/v1/events/stream" + query,
                "Tenant: " + tenant,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                header);
        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\"field\":\"" + field + "\"");
    }

    private double revoked() {
        return meters.get("sluice.stream.closed")
                .tag("reason", "key_invalid")
                .counter()
                .count();
    }

    private Client connect(String query) throws Exception {
        return Client.connect(URI.create("ws://127.0.0.1:" + port + "/api/v1/events/stream" + query), tenant);
    }

    /** A client that keeps what it is told until it is asked for. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {

        private final LinkedBlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> farewell = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;
        private final AtomicInteger pings = new AtomicInteger();
        private final AtomicInteger pongs = new AtomicInteger();

        private Client(URI uri, String tenant) throws Exception {
            this.socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Tenant", tenant)
                    .buildAsync(uri, this)
                    .get(20, TimeUnit.SECONDS);
        }

        static Client connect(URI uri, String tenant) throws Exception {
            return new Client(uri, tenant);
        }

        JsonNode next(String type) throws InterruptedException {
            while (true) {
                JsonNode message = Objects.requireNonNull(messages.poll(20, TimeUnit.SECONDS), type);
                if (message.path("type").asString().equals(type)) {
                    return message;
                }
            }
        }

        String closed() throws InterruptedException {
            return Objects.requireNonNull(farewell.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
            pings.incrementAndGet();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            pongs.incrementAndGet();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            farewell.add(statusCode + " " + reason);
            return null;
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
