package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.stream.SseClient.Event;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.test.LocalKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
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

/** Server-sent events of a real log: as they come, and from where a client left off. */
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
            "sluice.gateway.stream.heartbeat=200ms",
            "sluice.gateway.stream.buffer-events=200",
            "sluice.gateway.stream.buffer-size=64KB"
        })
@Timeout(120)
@SuppressWarnings("NullAway.Init") // The publisher is made before each test.
class EventStreamIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private RecordPublishers publishers;

    @Autowired
    private EventTailListener tail;

    @Autowired
    private MeterRegistry meters;

    private final RandomGenerator random = new Random(20260131);
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
    void answersAtOnceWithHeadersThatKeepProxiesFromHoldingItBack() throws Exception {
        try (SseClient client = open("")) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(client.header("Cache-Control")).isEqualTo("no-store");
            assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(client.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.nextLine()).isEqualTo(": open");
            assertThat(client.nextLine()).isEqualTo("retry: 2000");
            assertThat(client.nextLine()).matches("id: [A-Za-z0-9_-]{8,}");
        }
    }

    @Test
    void isNoRequestThatTookSoLong() throws Exception {
        open("").close();
        await().atMost(PATIENCE)
                .until(() -> meters.get("http.server.requests.active").longTaskTimers().stream()
                        .allMatch(timer -> timer.activeTasks() == 0));
        assertThat(meters.find("http.server.requests").tag("status", "200").timers())
                .isEmpty();
    }

    @Test
    void tellsWhatComesFromNowOnAsCloudEvents() throws Exception {
        publish("order.created", "c-1");
        try (SseClient client = open("")) {
            publish("order.paid", "c-1");
            // What was published a moment before may still be on its way to the live tail.
            Event first = client.take(1).getFirst();
            Event event = first.type().equals("order.created") ? client.take(1).getFirst() : first;
            assertThat(event.type()).isEqualTo("order.paid");
            assertThat(event.data())
                    .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/test\",\"type\":\"order.paid\","
                            + "\"subject\":\"c-1\",\"time\":\"2026-01-31T12:00:00Z\","
                            + "\"datacontenttype\":\"application/json\",\"data\":{\"n\": 1}}");
        }
    }

    @Test
    void showsThatItIsAliveWhileNothingComes() throws Exception {
        try (SseClient client = open("")) {
            List<String> lines = new ArrayList<>();
            while (lines.stream().filter(": heartbeat"::equals).count() < 10) {
                lines.add(String.valueOf(client.nextLine()));
            }
            publish("late", "c-1");
            assertThat(client.take(1).getFirst().type()).isEqualTo("late");
        }
    }

    @Test
    void anotherTenantHearsNothingOfIt() throws Exception {
        String other = "other-" + tenant;
        try (SseClient foreign = SseClient.open(port, "?since=PT1H", "Tenant", other)) {
            publish("order.created", "c-1");
            try (SseClient own = open("?since=PT1H")) {
                assertThat(own.take(1)).hasSize(1);
            }
            new TestPublisher(publishers, other).publish("own", "c-1");
            assertThat(foreign.take(1).getFirst().type()).isEqualTo("own");
        }
    }

    @Test
    void filtersByTypeAndSubjectLiveAndFromThePast() throws Exception {
        List<String> wanted = List.of("order.created c-1", "order.item.added c-12", "invoice.paid c-1");
        try (SseClient live = open("?type=order.*,invoice.paid&subject=c-*")) {
            for (String one : List.of(
                    "order.created c-1",
                    "order c-1",
                    "invoice.sent c-1",
                    "order.item.added c-12",
                    "order.paid d-1",
                    "invoice.paid c-1")) {
                String[] typeAndSubject = one.split(" ", 2);
                publish(typeAndSubject[0], typeAndSubject[1]);
            }
            assertThat(live.take(3))
                    .extracting(EventStreamIT::typeAndSubject)
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
        try (SseClient past = open("?type=order.*,invoice.paid&subject=c-*&since=PT1H")) {
            assertThat(past.take(3))
                    .extracting(EventStreamIT::typeAndSubject)
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
        try (SseClient exact = open("?subject=d-1&since=PT1H")) {
            assertThat(exact.take(1)).extracting(EventStreamIT::typeAndSubject).containsExactly("order.paid d-1");
        }
    }

    @Test
    void beginsAtATimeInThePast() throws Exception {
        publish("first", "c-1");
        Instant first = Instant.now();
        await().until(() -> Instant.now().toEpochMilli() > first.toEpochMilli() + 1);
        String time = Instant.now().toString();
        await().until(() -> Instant.now().isAfter(Instant.parse(time)));
        publish("second", "c-1");
        publish("third", "c-1");
        try (SseClient client = open("?since=" + time)) {
            assertThat(client.take(2)).extracting(Event::type).containsExactly("second", "third");
            publish("fourth", "c-1");
            assertThat(client.take(1)).extracting(Event::type).containsExactly("fourth");
        }
    }

    @Test
    void goesOnExactlyWhereAClientLeftOffHoweverOftenItDoes() throws Exception {
        int count = 1_500;
        Thread publishing = Thread.ofVirtual()
                .start(() -> IntStream.range(0, count)
                        .forEach(i -> publish("n", random.nextBoolean() ? "c-" + random.nextInt(20) : null)));
        List<String> heard = new ArrayList<>();
        String lastId = "";
        RandomGenerator pauses = new Random(7);
        while (heard.size() < count) {
            boolean byHeader = pauses.nextBoolean();
            String query = lastId.isEmpty() ? "?since=PT1H" : byHeader ? "" : "?lastEventId=" + lastId;
            String[] headers = lastId.isEmpty() || !byHeader
                    ? new String[] {"Tenant", tenant}
                    : new String[] {"Tenant", tenant, "Last-Event-ID", lastId};
            try (SseClient client = SseClient.open(port, query, headers)) {
                for (Event event : client.take(Math.min(pauses.nextInt(1, 300), count - heard.size()))) {
                    heard.add(idOf(event));
                }
                lastId = client.lastId();
            }
        }
        publishing.join();
        assertThat(heard).doesNotHaveDuplicates().hasSize(count);
        publish("last", "c-1");
        try (SseClient client = open("?lastEventId=" + lastId)) {
            assertThat(client.take(1)).extracting(Event::type).containsExactly("last");
        }
    }

    @Test
    void aClientThatLostItsConnectionBeforeTheFirstEventMissesNothing() throws Exception {
        String id;
        try (SseClient client = open("")) {
            assertThat(client.nextLine()).isEqualTo(": open");
            assertThat(client.nextLine()).startsWith("retry: ");
            id = String.valueOf(client.nextLine()).substring("id: ".length());
        }
        publish("meanwhile", "c-1");
        try (SseClient client = SseClient.open(port, "", "Tenant", tenant, "Last-Event-ID", id)) {
            assertThat(client.take(1)).extracting(Event::type).containsExactly("meanwhile");
        }
    }

    @Test
    void keepsTheOrderOfASubject() throws Exception {
        try (SseClient live = open("?subject=ordered")) {
            for (int i = 0; i < 150; i++) {
                publish("n", "ordered");
            }
            List<String> expected =
                    IntStream.range(0, 150).mapToObj(Integer::toString).toList();
            assertThat(live.take(150)).extracting(EventStreamIT::idOf).containsExactlyElementsOf(expected);
        }
        try (SseClient past = open("?subject=ordered&since=PT1H")) {
            List<String> expected =
                    IntStream.range(0, 150).mapToObj(Integer::toString).toList();
            assertThat(past.take(150)).extracting(EventStreamIT::idOf).containsExactlyElementsOf(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?since=tomorrow,            400, invalid_parameter, since",
        "?since=2999-01-01T00:00:00Z, 400, invalid_parameter, since",
        "?lastEventId=garbage,       400, invalid_parameter, lastEventId",
        "?lastEventId=AQAAAAAA,      400, invalid_parameter, lastEventId",
        "?type=Not%20A%20Type,       400, invalid_parameter, type",
        "?subject=a.b,               400, invalid_parameter, subject",
        "?nothing=1,                 400, invalid_parameter, query",
        "?type=,                     400, invalid_parameter, type",
        "?type=a&type=b,             400, invalid_parameter, type"
    })
    void saysWhatIsWrongWithARequest(String query, int status, String code, String field) throws Exception {
        try (SseClient client = open(query)) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(client.body())
                    .contains("\"code\":\"" + code + "\"", "\"field\":\"" + field + "\"")
                    .doesNotContain("garbage", "AQAAAAAA");
        }
    }

    @Test
    void refusesTheIdOfAnotherTenantAsOneThatIsNone() throws Exception {
        String id;
        publish("a", "c-1");
        try (SseClient own = open("?since=PT1H")) {
            id = own.take(1).getFirst().id();
        }
        try (SseClient foreign = SseClient.open(port, "", "Tenant", "other", "Last-Event-ID", id);
                SseClient garbage = SseClient.open(port, "", "Tenant", "other", "Last-Event-ID", "garbage")) {
            assertThat(foreign.status()).isEqualTo(400);
            assertThat(withoutRequestId(foreign.body())).isEqualTo(withoutRequestId(garbage.body()));
        }
    }

    @Test
    void refusesWhoeverHasNoKeyOrCannotReadIt() throws Exception {
        try (SseClient nobody = SseClient.open(port, "");
                SseClient other = SseClient.open(port, "", "Tenant", tenant, "Accept", "application/json")) {
            assertThat(nobody.status()).isEqualTo(401);
            assertThat(other.status()).isEqualTo(406);
        }
    }

    private static String withoutRequestId(String problem) {
        return problem.replaceAll("\"requestId\":\"[^\"]*\"", "");
    }

    private static String typeAndSubject(Event event) {
        return event.type() + " " + event.data().replaceAll(".*\"subject\":\"([^\"]*)\".*", "$1");
    }

    private static String idOf(Event event) {
        return event.data().replaceAll(".*\"id\":\"([^\"]*)\".*", "$1");
    }

    private SseClient open(String query) throws Exception {
        return SseClient.open(port, query, "Tenant", tenant);
    }

    private void publish(String type, @Nullable String subject) {
        publisher.publish(type, subject);
    }
}
