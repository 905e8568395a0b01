package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static dev.sluice.gateway.ingest.IngestClient.PATIENCE;
import static dev.sluice.gateway.ingest.IngestClient.assertProblem;
import static dev.sluice.gateway.ingest.IngestClient.json;
import static dev.sluice.gateway.ingest.IngestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.job.JobView;
import dev.sluice.gateway.job.Jobs;
import dev.sluice.gateway.job.TrackedJob;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.JobState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Uploads of events, one a line, onto a real log with a real Redis; also such as break off. */
@IngestTest
@TestPropertySource(
        properties = {
            "sluice.gateway.ingest.max-event-size=2KB",
            "sluice.gateway.ingest.claim-lease=4s",
            "sluice.web.max-body-size=64KB",
            "sluice.web.streamed-paths=/api/v1/events/import",
        })
@DirtiesContext
class EventImportIT {

    private static final ImportCharge FREE = new ImportCharge() {
        @Override
        public int atOnce() {
            return 100;
        }

        @Override
        public Mono<Void> take(int events) {
            return Mono.empty();
        }
    };

    @AutoClose
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    @Autowired
    private EventLog log;

    @Autowired
    private IngestClient client;

    @Autowired
    private Jobs jobs;

    @Autowired
    private EventReader reader;

    @Autowired
    private Claims claims;

    @Autowired
    private EventImport imports;

    private final String name = "n-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", LocalKafka.shared()::bootstrapServers);
        registry.add("spring.data.redis.host", REDIS::host);
        registry.add("spring.data.redis.port", REDIS::port);
    }

    @BeforeEach
    void awaitReady() {
        client.awaitTopics();
        await().atMost(PATIENCE)
                .until(() -> upload(UUID.randomUUID().toString(), 1, with("\"data\":0"))
                                .statusCode()
                        == 202);
    }

    @Test
    void takesEveryLineInOrderAndTellsTheJob() throws Exception {
        HttpResponse<String> response = upload("", 1, lines(1, 2_000));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode job = json(response);
        assertThat(response.headers().firstValue("Location"))
                .contains("/api/v1/jobs/" + job.path("id").asString());
        assertThat(job.path("state").asString()).isEqualTo("succeeded");
        assertThat(job.path("lastLine").asInt()).isEqualTo(2_000);
        assertCounts(job, 2_000, 2_000, 0, 0);
        assertThat(written())
                .extracting(EventLog::textOf)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 2_000)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void goesOnAfterBadLinesAndNamesThem() throws Exception {
        byte[] broken = {'{', '"', (byte) 0xff, '"', ':', '1', '}', '\n'};
        String before =
                "\uFEFF" + line(1) + "\r\n\r\n{\n" + "x".repeat(5_000) + "\n[]\n" + with("\"id\":\"a.b\"") + "\n";
        byte[] first = before.getBytes(StandardCharsets.UTF_8);
        byte[] last = line(2).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response =
                send(request("", 1).POST(BodyPublishers.ofByteArrays(List.of(first, broken, last))));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode job = json(response);
        assertCounts(job, 8, 2, 0, 5);
        assertThat(job.path("errors")
                        .valueStream()
                        .map(error -> error.path("line").asInt() + " "
                                + error.path("code").asString()))
                .containsExactly("3 invalid_json", "4 too_large", "5 wrong_type", "6 invalid_field", "7 invalid_json");
        assertThat(written()).hasSize(2);
    }

    @Test
    void takesLinesOfPlainJsonWithTheAttributesInHeaders() throws Exception {
        String body = "{\"n\": 1}\n\n{\"n\":\n[2,\"b\"]\n2.5";
        HttpResponse<String> response = upload(plain(name), body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode job = json(response);
        assertCounts(job, 5, 3, 0, 1);
        assertThat(job.path("errors").get(0).path("line").asInt()).isEqualTo(3);
        assertThat(job.path("errors").get(0).path("code").asString()).isEqualTo("invalid_json");
        List<DomainEvent> events = written();
        assertThat(events).extracting(EventLog::textOf).containsExactly("{\"n\": 1}", "[2,\"b\"]", "2.5");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getType()).isEqualTo("reading.taken");
            assertThat(event.getSource()).isEqualTo("/meters/7");
            assertThat(event.getDataContentType()).isEqualTo("application/json");
        });
        assertThat(events).extracting(DomainEvent::getId).doesNotHaveDuplicates();
        assertThat(upload(plain(name), body).body()).isEqualTo(response.body());
        assertThat(written()).hasSize(3);
    }

    @Test
    void refusesHeadersThatNoLineCouldHave() throws Exception {
        assertProblem(upload(plain("").header("ce-id", "one"), "1"), 400, "invalid_field", "ce-id");
        assertProblem(
                upload(request("", 1).header("ce-specversion", "1.0").header("ce-source", "/a"), "1"),
                400,
                "missing_field",
                "ce-type");
        assertProblem(upload(plain("").setHeader("ce-subject", "a.b"), "1"), 400, "invalid_field", "ce-subject");
    }

    private HttpRequest.Builder plain(String key) {
        return request(key, 1)
                .header("ce-specversion", "1.0")
                .header("ce-type", "reading.taken")
                .header("ce-source", "/meters/7")
                .header("ce-subject", name);
    }

    private static HttpResponse<String> upload(HttpRequest.Builder request, String body) throws Exception {
        return send(request.POST(BodyPublishers.ofString(body)));
    }

    @Test
    void answersAFinishedUploadThatIsRepeatedAsItWas() throws Exception {
        String body = lines(1, 50) + "\nnonsense\n\n" + lines(52, 60);
        HttpResponse<String> first = upload(name, 1, body);
        assertCounts(json(first), 61, 59, 0, 1);
        for (int line : List.of(1, 1, 61)) {
            HttpResponse<String> again = upload(name, line, line == 1 ? body : line(60));
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(again.body()).isEqualTo(first.body());
        }
        assertThat(written()).hasSize(59);
    }

    /** Whoever has the answer may send the next request before anything else is done here. */
    @Test
    void canBeSentAgainAsSoonAsTheAnswerIsThere() {
        Caller caller = new Caller(new Identity("acme", "key", "free", Set.of()), null, name);
        Mono<JobView> upload = imports.run(
                Flux.just(lines(1, 3).getBytes(StandardCharsets.UTF_8)), 1, new ImportForm.Events(), caller, FREE);
        JobView last = upload.flatMap(first -> upload).flatMap(second -> upload).block(PATIENCE);
        assertThat(jobs.find("acme", jobOf(name)).map(jobs::view)).contains(Objects.requireNonNull(last));
    }

    @Test
    void aFinishedUploadThatBreaksOffWhenItIsRepeatedStaysFinished() throws Exception {
        JsonNode first = json(upload(name, 1, lines(1, 50)));
        try (Socket socket = begin(lines(1, 20) + "\n")) {
            await().atMost(PATIENCE)
                    .until(() -> jobs.isRunning(jobs.find("acme", jobOf(name)).orElseThrow()));
            assertThat(socket.isConnected()).isTrue();
        }
        await().atMost(PATIENCE)
                .until(() -> !jobs.isRunning(jobs.find("acme", jobOf(name)).orElseThrow()));
        assertThat(json(upload(name, 1, lines(1, 50)))).isEqualTo(first);
    }

    @Test
    void addsToAFinishedUploadWhatIsNewInARepetition() throws Exception {
        JsonNode first = json(upload(name, 1, lines(1, 49) + "\nnonsense"));
        assertCounts(first, 50, 49, 0, 1);
        JsonNode second = json(upload(name, 1, lines(1, 60)));
        assertThat(second.path("id")).isEqualTo(first.path("id"));
        assertThat(second.path("idempotencyKey").asString()).isEqualTo(name);
        assertThat(second.path("errors")).isEmpty();
        assertCounts(second, 60, 60, 0, 0);
        JsonNode third = json(upload(name, 1, lines(2, 3)));
        assertCounts(third, 60, 60, 0, 2);
        assertThat(third.path("errors").path(0).path("code").asString()).isEqualTo("idempotency_mismatch");
        assertThat(written()).hasSize(60);
    }

    @Test
    void goesOnWhereAnUploadBrokeOff() throws Exception {
        breakOff(lines(1, 300));
        TrackedJob job = await().atMost(PATIENCE)
                .until(
                        () -> jobs.find("acme", jobOf(name)).orElseThrow(),
                        found -> found.progress().getState() == JobState.INTERRUPTED);
        long settled = job.progress().getDone();
        assertThat(settled).isPositive().isLessThanOrEqualTo(300);
        assertThat(written()).hasSizeGreaterThanOrEqualTo(Math.toIntExact(settled));
        assertProblem(upload(name, settled + 2, line(1)), 400, "invalid_parameter", "line");
        JsonNode whole = json(upload(name, settled + 1, lines(Math.toIntExact(settled) + 1, 400)));
        assertThat(whole.path("state").asString()).isEqualTo("succeeded");
        assertThat(whole.path("lastLine").asInt()).isEqualTo(400);
        assertThat(whole.path("lines").path("read").asInt()).isEqualTo(400);
        assertThat(written())
                .extracting(EventLog::textOf)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 400)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void waitsForTheLinesOfAnUploadThatWasKilledUntilTheirClaimsRunOut() throws Exception {
        Caller caller = new Caller(new Identity("acme", "key", "free", Set.of()), null, name);
        ImportLine second = new ImportLine(2, line(2).getBytes(StandardCharsets.UTF_8));
        BatchItem item = reader.readLine(second, new ImportForm.Events(), name, caller);
        Claim claim = Objects.requireNonNull(Claim.of(((BatchItem.Read) item).arrival(), caller, "killed"));
        assertThat(claims.claim(claim).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
        HttpResponse<String> response = upload(name, 1, lines(1, 3));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertCounts(json(response), 3, 3, 0, 0);
        assertThat(written()).extracting(EventLog::textOf).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void takesOneUploadOfAKeyAtATimeAndStopsWhenItIsCancelled() throws Exception {
        try (Socket running = begin(lines(1, 10) + "\n")) {
            await().atMost(PATIENCE).until(() -> jobs.find("acme", jobOf(name)).isPresent());
            HttpResponse<String> other = upload(name, 1, line(1));
            assertProblem(other, 409, "conflict", "");
            assertThat(other.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 6L);
            send(HttpRequest.newBuilder(client.uri("/api/v1/nothing")).GET());
            assertThat(jobs.isRunning(jobs.find("acme", jobOf(name)).orElseThrow()))
                    .isTrue();
            cancel();
            running.getOutputStream().write(chunk(lines(11, 20) + "\n"));
            running.getOutputStream().flush();
            String answer = new String(running.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 409");
        }
        await().atMost(PATIENCE)
                .until(() ->
                        jobs.find("acme", jobOf(name)).orElseThrow().progress().getState() == JobState.CANCELLED);
        assertThat(written()).hasSize(10);
    }

    @Test
    void refusesWhatIsNoUpload() throws Exception {
        HttpResponse<String> type =
                send(client.post("application/json", line(1)).uri(client.uri("/api/v1/events/import")));
        assertProblem(type, 415, "unsupported_media_type", "Content-Type");
        assertProblem(
                send(request("", 1).header("Content-Encoding", "gzip").POST(BodyPublishers.ofString(line(1)))),
                415,
                "unsupported_media_type",
                "Content-Encoding");
        assertProblem(upload("", 2, line(1)), 400, "invalid_parameter", "line");
    }

    @Test
    void answersWhoSendsFarTooMuchThatIsNoUploadBeforeReading() throws Exception {
        byte[] piece = new byte[1 << 20];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/events/import HTTP/1.1\r\nHost: a\r\nContent-Length: " + 32 * piece.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int sent = 0; sent < 32; sent++) {
                out.write(piece);
            }
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 415");
        }
    }

    /** What the API does, without the part of the gateway that is not in this test. */
    private void cancel() {
        TrackedJob job = jobs.find("acme", jobOf(name)).orElseThrow();
        job.job().getParameters().put("cancel", "requested");
        jobs.open(job).block(PATIENCE);
    }

    private void breakOff(String lines) throws Exception {
        try (Socket socket = begin(lines + "\n")) {
            await().atMost(PATIENCE).until(() -> !written().isEmpty());
            assertThat(socket.isConnected()).isTrue();
        }
    }

    /** An upload that does not end. */
    private Socket begin(String lines) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /api/v1/events/import HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
                        + "Idempotency-Key: " + name + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(chunk(lines));
        out.flush();
        return socket;
    }

    private static byte[] chunk(String text) {
        return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String jobOf(String key) {
        return "job_" + Fingerprint.name("import", "acme", key);
    }

    private List<DomainEvent> written() {
        return log.eventsOf(name, 0);
    }

    private String line(int data) {
        return with("\"subject\":\"" + name + "\",\"data\":" + data);
    }

    private String lines(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(this::line).collect(Collectors.joining("\n"));
    }

    private HttpResponse<String> upload(String key, long line, String body) throws Exception {
        return send(request(key, line).POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String key, long line) {
        HttpRequest.Builder request = client.request("application/x-ndjson")
                .uri(client.uri("/api/v1/events/import" + (line == 1 ? "" : "?line=" + line)));
        return key.isEmpty() ? request : request.header("Idempotency-Key", key);
    }

    private static void assertCounts(JsonNode job, int read, int accepted, int duplicates, int refused) {
        assertThat(job.path("lines").toString())
                .isEqualTo("{\"read\":%d,\"accepted\":%d,\"duplicates\":%d,\"refused\":%d}"
                        .formatted(read, accepted, duplicates, refused));
    }
}
