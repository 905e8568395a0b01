package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ApiGatewayApplication;
import dev.sluice.gateway.access.RequestLog.Line;
import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.ratelimit.PatientLimits;
import dev.sluice.gateway.relay.ScriptedUpstream;
import dev.sluice.gateway.relay.Wire;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway: what it answered is on the log once it has stopped, each request exactly once. */
class AccessIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String READINGS = "/api/v1/readings/1";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    private final IsolatedKafka kafka = LocalKafka.newIsolated();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Map<String, Long> sent = new TreeMap<>();
    private String batchKey = "";
    private ConfigurableApplicationContext gateway = start();
    private int port;

    @BeforeEach
    void awaitTables() {
        port = Integer.parseInt(gateway.getEnvironment().getRequiredProperty("local.server.port"));
        await().atMost(PATIENCE).until(gateway.getBean(ApiKeyTable.class)::ready);
        await("everything is read from the log").atMost(PATIENCE).until(() -> {
            String answer = get("/api/v1/routes", ADMIN_KEY);
            count("sluice GET /api/v1/routes " + answer.substring(9, 12), 1);
            return answer.startsWith("HTTP/1.1 200");
        });
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
        kafka.close();
    }

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    @Test
    void everyRequestIsOnTheLogExactlyOnce() throws Exception {
        upstream.plays(peer -> {
            peer.readUntil("\r\n\r\n");
            if (peer.received().startsWith("POST")) {
                peer.readUntil("\r\n0\r\n\r\n");
            }
            if (peer.received().contains("/shop/hang")) {
                peer.readToEnd();
            }
            peer.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: public, max-age=60\r\nConnection: close\r\n\r\n");
            if (!peer.received().startsWith("HEAD")) {
                peer.write("ok");
            }
        });
        putRoute();
        putRoute("kept", Map.of("cache", Map.of()));
        String key = newKey("acme", "unlimited");
        String poor = newKey("poor", "free");

        together(40, () -> get("/api/v1/tiers", key), "200");
        count("acme GET /api/v1/tiers 200", 40);
        together(20, () -> get("/shop/items/private", key), "200");
        count("acme GET shop 200", 20);
        together(7, () -> get("/api/v1/keys/somebody", "slk_live_wrong"), "401");
        count("@anonymous GET /api/v1/keys/{id} 401", 7);
        together(5, () -> get("/api/v1/keys/somebody", key), "403");
        count("acme GET /api/v1/keys/{id} 403", 5);
        together(3, () -> Wire.get(port, "/api/v1/nothing?api_key=slk_live_hidden&q=hidden"), "400");
        count("@anonymous GET __none__ 400", 3);
        together(4, () -> get("/api//v1/tiers", key), "400");
        count("@anonymous GET __none__ 400", 4);
        together(3, () -> raw("BR\0KEN\r\n\r\n"), "400");
        count("@anonymous _OTHER __none__ 400", 3);
        together(10, () -> get(READINGS, poor), "404");
        count("poor GET __none__ 404", 10);
        together(6, () -> get(READINGS, poor), "429");
        count("poor GET __none__ 429", 6);
        together(2, () -> Wire.exchange(port, "HEAD", "/shop/a", bearer(key)), "200");
        count("acme HEAD shop 200", 2);
        together(4, () -> raw(post("/shop/a", key, "12345")), "200");
        count("acme POST shop 200", 4);
        for (int i = 0; i < 3; i++) {
            assertThat(get("/kept/a", key)).startsWith("HTTP/1.1 200");
        }
        count("acme GET kept 200", 3);
        pipeline(6, key);
        count("acme GET /api/v1/tiers 200", 6);
        leave(3, key);
        count("acme GET shop 499", 3);
        batchOfThreeUnderALimitOfFive("202");
        batchOfThreeUnderALimitOfFive("429");
        gateway.close();

        RequestLog log = RequestLog.read(kafka.bootstrapServers());
        assertThat(log.counts()).isEqualTo(sent);
        assertThat(log.text()).doesNotContain("slk_", "hidden", "somebody", "private");
        assertThat(log.batches())
                .allSatisfy(batch -> assertThat(batch.getGateway()).hasSize(13));
        assertThat(log.lines("acme", "kept"))
                .as("the first asked the upstream")
                .extracting(line -> line.entry().getCached())
                .containsExactlyInAnyOrder(false, true, true);
        assertThat(log.lines("acme", "kept"))
                .allSatisfy(line -> assertThat(line.entry().getLooked()).isTrue());
        assertThat(log.lines("acme", "shop"))
                .as("a route that keeps nothing")
                .allSatisfy(line -> assertThat(line.entry().getLooked()).isFalse());
        assertEntries(log);
        assertBatches(log);
    }

    @Test
    void aGracefulStopLosesNoRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(8);
        CountDownLatch stopping = new CountDownLatch(1);
        upstream.plays(peer -> {
            peer.readHead();
            asked.countDown();
            stopping.await();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        putRoute();
        String key = newKey("acme", "unlimited");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(clients.submit(() -> get("/shop/slow", key)));
            }
            asked.await();
            Thread stop = Thread.ofVirtual().start(gateway::close);
            await("nobody new is let in").atMost(PATIENCE).until(this::refuses);
            stopping.countDown();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("HTTP/1.1 200");
            }
            stop.join(PATIENCE);
        }
        count("acme GET shop 200", 8);
        assertThat(RequestLog.read(kafka.bootstrapServers()).counts()).isEqualTo(sent);
    }

    private static void assertEntries(RequestLog log) {
        List<Line> proxied = log.lines("acme", "shop");
        assertThat(proxied).extracting(Line::entry).allSatisfy(entry -> {
            assertThat(entry.getUpstreamNanos()).isPositive().isLessThanOrEqualTo(entry.getLatencyNanos());
            assertThat(entry.getCached()).isFalse();
            assertThat(entry.getTier()).isEqualTo("unlimited");
            assertThat(entry.getKeyId()).hasSize(16);
            assertThat(entry.getVerdict()).isEqualTo(LimitVerdict.ALLOWED);
            assertThat(entry.getGroup()).isEqualTo("routes");
            assertThat(entry.getCost()).isEqualTo(1);
            assertThat(entry.getRequestBytes()).isEqualTo(entry.getMethod().equals("POST") ? 5 : 0);
            boolean whole = entry.getStatus() == 200 && !entry.getMethod().equals("HEAD");
            assertThat(entry.getResponseBytes()).isEqualTo(whole ? 2 : 0);
        });
        assertThat(log.lines("@anonymous", "/api/v1/keys/{id}"))
                .extracting(Line::entry)
                .allSatisfy(entry -> {
                    assertThat(entry.getKeyId()).isNull();
                    assertThat(entry.getTier()).isNull();
                    assertThat(entry.getUpstreamNanos()).isNull();
                    assertThat(entry.getVerdict()).isEqualTo(LimitVerdict.NOT_LIMITED);
                    assertThat(entry.getGroup()).isEqualTo("admin");
                    assertThat(entry.getCost()).isZero();
                    assertThat(entry.getResponseBytes()).isPositive();
                });
        assertThat(log.lines("poor", "__none__")).extracting(Line::entry).allSatisfy(entry -> {
            assertThat(entry.getGroup()).isEqualTo("readings");
            assertThat(entry.getCost()).isEqualTo(entry.getStatus() == 429 ? 0 : 1);
        });
        assertThat(log.lines("poor", "__none__"))
                .extracting(Line::entry)
                .filteredOn(entry -> entry.getStatus() == 429)
                .extracting(RequestEntry::getVerdict)
                .containsOnly(LimitVerdict.LIMITED);
    }

    /** The events behind the first are charged once the body is read. */
    private void batchOfThreeUnderALimitOfFive(String status) throws IOException {
        if (batchKey.isEmpty()) {
            batchKey = newKey(
                    "batches",
                    Map.of(
                            "tier",
                            "unlimited",
                            "limits",
                            List.of(Map.of("name", "day", "group", "events", "window", "day", "quota", 5))),
                    "events:write");
        }
        String event = "{\"specversion\":\"1.0\",\"id\":\"%s-%d\",\"source\":\"/a\",\"type\":\"a.b\"}";
        String body = "[" + event.formatted(status, 1) + "," + event.formatted(status, 2) + ","
                + event.formatted(status, 3) + "]";
        assertThat(raw("POST /api/v1/events HTTP/1.1\r\nHost: a\r\n" + bearer(batchKey)
                        + "\r\nContent-Type: application/cloudevents-batch+json\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 " + status);
        count("batches POST /api/v1/events " + status, 1);
    }

    private static void assertBatches(RequestLog log) {
        for (Line line : log.lines("batches", "/api/v1/events")) {
            boolean admitted = line.entry().getStatus() == 202;
            assertThat(line.entry().getVerdict()).isEqualTo(admitted ? LimitVerdict.ALLOWED : LimitVerdict.LIMITED);
            assertThat(line.entry().getCost())
                    .as("what was charged, in the refused one for its first event")
                    .isEqualTo(admitted ? 3 : 1);
        }
    }

    private void count(String name, long times) {
        sent.merge(name, times, Long::sum);
    }

    private static void together(int times, Callable<String> request, String status)
            throws InterruptedException, ExecutionException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                answers.add(clients.submit(request));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("HTTP/1.1 " + status);
            }
        }
    }

    private void pipeline(int times, String key) throws IOException {
        try (Wire wire = Wire.to(port)) {
            wire.send(("GET /api/v1/tiers HTTP/1.1\r\nHost: a\r\n" + bearer(key) + "\r\n\r\n").repeat(times));
            for (int i = 0; i < times; i++) {
                assertThat(wire.readUntil("\"nextCursor\":null}")).startsWith("HTTP/1.1 200");
            }
        }
    }

    private void leave(int times, String key) throws IOException {
        for (int i = 0; i < times; i++) {
            int before = upstream.peers().size();
            try (Wire wire = Wire.to(port)) {
                wire.send("GET /shop/hang HTTP/1.1\r\nHost: a\r\n" + bearer(key) + "\r\n\r\n");
                await().atMost(PATIENCE).until(() -> upstream.peers().size() > before);
            }
            await("the upstream is left too")
                    .atMost(PATIENCE)
                    .until(() -> upstream.peers().getLast().hasEnded());
        }
    }

    private void putRoute() throws IOException {
        putRoute("shop", Map.of());
    }

    private void putRoute(String name, Map<String, Object> more) throws IOException {
        Map<String, Object> route = new TreeMap<>(more);
        route.put("match", Map.of("path", "/" + name + "/**"));
        route.put("targets", List.of(Map.of("url", upstream.url())));
        assertThat(admin("PUT", "/api/v1/routes/" + name, JSON.writeValueAsString(route)))
                .startsWith("HTTP/1.1 201");
        count("sluice PUT /api/v1/routes/{id} 201", 1);
    }

    private String newKey(String tenant, String tier) throws IOException {
        return newKey(tenant, Map.of("tier", tier), "cache:read");
    }

    private String newKey(String tenant, Map<String, Object> of, String scope) throws IOException {
        Map<String, Object> described = new TreeMap<>(of);
        described.put("name", tenant);
        assertThat(admin("PUT", "/api/v1/tenants/" + tenant, JSON.writeValueAsString(described)))
                .startsWith("HTTP/1.1 201");
        count("sluice PUT /api/v1/tenants/{id} 201", 1);
        String wanted = JSON.writeValueAsString(
                Map.of("tenant", tenant, "name", "a", "environment", "test", "scopes", List.of(scope)));
        String made = admin("POST", "/api/v1/keys", wanted);
        assertThat(made).startsWith("HTTP/1.1 201");
        count("sluice POST /api/v1/keys 201", 1);
        return JSON.readTree(made.substring(made.indexOf("\r\n\r\n")))
                .path("key")
                .asString();
    }

    private String admin(String method, String path, String body) throws IOException {
        return raw(method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + bearer(ADMIN_KEY)
                + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static String post(String path, String key, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + bearer(key) + "\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + body.length() + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private String raw(String request) throws IOException {
        try (Wire wire = Wire.to(port)) {
            return wire.send(request).readToEnd();
        }
    }

    private String get(String path, String key) throws IOException {
        return Wire.get(port, path, bearer(key));
    }

    private static String bearer(String key) {
        return "Authorization: Bearer " + key;
    }

    private boolean refuses() {
        try {
            Wire.to(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private ConfigurableApplicationContext start() {
        return SpringApplication.run(
                ApiGatewayApplication.class,
                PatientLimits.and(
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--spring.data.redis.host=" + REDIS.host(),
                        "--spring.data.redis.port=" + REDIS.port(),
                        "--sluice.kafka.max-partitions=2",
                        "--sluice.internal.secret=an internal secret of enough bytes for tests",
                        "--sluice.gateway.api-key.bootstrap-admin=" + ADMIN_KEY,
                        "--server.port=0",
                        "--management.server.port=0"));
    }
}
