package dev.sluice.metrics.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.record.Span;
import dev.sluice.schemas.RecordDecoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a collector of our own. */
class OtlpTest {

    static {
        // Builders of records copy enums, for which Avro must trust our classes; a codec brings that about.
        RecordDecoder<Span> _ = RecordDecoder.of(Span.class);
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<JsonNode> received = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile int refusal = 503;
    private volatile String header = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            header = exchange.getRequestHeaders().getFirst("Authorization");
            boolean refused = refusals.getAndDecrement() > 0;
            if (!refused) {
                received.add(JsonMapper.shared().readTree(body));
            }
            exchange.sendResponseHeaders(refused ? refusal : 200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aCollectorGetsSpansAsOpenTelemetryHasThem() {
        Span request = span("api-gateway", null, "POST /api/v1/events", false);
        Span attempt = span("webhook-dispatcher", request.getSpanId(), "deliver", true);
        send(request, attempt);

        JsonNode resources = received.getFirst().path("resourceSpans");
        assertThat(resources.size()).isEqualTo(2);
        assertThat(resources.at("/0/resource/attributes/0/key").asString()).isEqualTo("service.name");
        assertThat(resources.at("/0/resource/attributes/0/value/stringValue").asString())
                .isEqualTo("api-gateway");
        JsonNode first = resources.at("/0/scopeSpans/0/spans/0");
        assertThat(first.path("traceId").asString()).hasSize(32);
        assertThat(first.has("parentSpanId")).isFalse();
        assertThat(first.path("kind").asInt()).isEqualTo(2);
        assertThat(first.path("startTimeUnixNano").asString()).isEqualTo("1773569430000000000");
        assertThat(first.path("endTimeUnixNano").asString()).isEqualTo("1773569430005000000");
        assertThat(first.at("/status/code").asInt()).isZero();
        JsonNode second = resources.at("/1/scopeSpans/0/spans/0");
        assertThat(second.path("parentSpanId").asString()).isEqualTo(request.getSpanId());
        assertThat(second.path("kind").asInt()).isEqualTo(1);
        assertThat(second.at("/status/code").asInt()).isEqualTo(2);
        assertThat(second.path("attributes").toString())
                .contains("sluice.tenant")
                .contains("acme");
        assertThat(header).isEqualTo("Bearer secret");
        assertThat(counted("sent")).isEqualTo(2);
    }

    @Test
    void oneThatIsBusyIsAskedAgain() {
        refusals.set(2);
        send(span("api-gateway", null, "GET /", false));
        assertThat(received).hasSize(1);
        assertThat(counted("sent")).isEqualTo(1);
    }

    @Test
    void whatItDoesNotTakeIsDroppedAndCounted() {
        refusal = 400;
        refusals.set(1);
        send(span("api-gateway", null, "GET /", false));
        assertThat(received).isEmpty();
        assertThat(counted("dropped")).isEqualTo(1);
    }

    @Test
    void isOffWithoutACollector() {
        assertThat(bind(Map.of()).traces()).isEmpty();
        assertThat(bind(Map.of("sluice.metrics.otlp.endpoint", "")).traces()).isEmpty();
    }

    @Test
    void takesWhatOpenTelemetrysVariablesHold() {
        OtlpProperties properties = bind(Map.of(
                "sluice.metrics.otlp.endpoint", "http://collector:4318/",
                "sluice.metrics.otlp.headers", "a=b, api-key=c=d",
                "sluice.metrics.otlp.timeout", "3s"));
        assertThat(properties.traces()).hasToString("Optional[http://collector:4318/v1/traces]");
        assertThat(properties.headerValues()).isEqualTo(Map.of("a", "b", "api-key", "c=d"));
        assertThat(properties.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.toString()).doesNotContain("c=d");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new OtlpProperties("collector:4318", "", PATIENCE))
                .hasMessageContaining("endpoint");
        assertThatThrownBy(() -> new OtlpProperties(null, "secret", PATIENCE))
                .hasMessageContaining("headers")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> new OtlpProperties(null, "", Duration.ZERO)).hasMessageContaining("timeout");
    }

    private void send(Span... spans) {
        OtlpProperties properties = new OtlpProperties(
                "http://127.0.0.1:" + server.getAddress().getPort(), "Authorization=Bearer secret", PATIENCE);
        new OtlpCollector(properties.traces().orElseThrow(), properties.headerValues(), properties.timeout(), meters)
                .send(OtlpJson.of(List.of(spans)), spans.length);
    }

    private double counted(String result) {
        return meters.counter("sluice.metrics.otlp.spans", "result", result).count();
    }

    private static Span span(String service, @Nullable String parent, String name, boolean failed) {
        return Span.newBuilder()
                .setTraceId("0af7651916cd43dd8448eb211c80319c")
                .setSpanId("00f067aa0ba902b7")
                .setParentSpanId(parent)
                .setTenant("acme")
                .setService(service)
                .setName(name)
                .setStartedAt(Instant.ofEpochSecond(1_773_569_430L))
                .setDurationNanos(5_000_000)
                .setFailed(failed)
                .setAttributes(Map.of("status", "202"))
                .build();
    }

    private static OtlpProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.metrics.otlp", OtlpProperties.class);
    }
}
