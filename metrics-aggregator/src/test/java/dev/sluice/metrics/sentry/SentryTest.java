package dev.sluice.metrics.sentry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.record.ErrorReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against a project of our own. */
class SentryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Instant AT = Instant.parse("2026-03-15T10:00:00.123456Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SentryStub sentry = new SentryStub();
    private Instant now = AT.plusSeconds(5);

    @AfterEach
    void stop() {
        sentry.close();
    }

    @Test
    void sentryGetsAnErrorAsItsClientsSendOne() {
        send(project(), error("it broke"));
        SentryStub.Envelope envelope = sentry.received().getFirst();
        assertThat(envelope.auth()).isEqualTo("Sentry sentry_version=7, sentry_client=sluice/1, sentry_key=publickey");
        assertThat(envelope.type()).isEqualTo("application/x-sentry-envelope");
        assertThat(envelope.header().path("event_id").asString())
                .matches("[0-9a-f]{32}")
                .isEqualTo(envelope.event().path("event_id").asString());
        assertThat(envelope.header().path("sent_at").asString()).isEqualTo("2026-03-15T10:00:05.123456Z");
        assertThat(envelope.item().path("type").asString()).isEqualTo("event");
        assertThat(envelope.item().path("length").asInt()).isEqualTo(envelope.eventBytes());
        assertThat(envelope.event().path("timestamp").asString()).isEqualTo("2026-03-15T10:00:00.123456Z");
        assertThat(envelope.event().path("level").asString()).isEqualTo("error");
        assertThat(envelope.event().path("environment").asString()).isEqualTo("staging");
        assertThat(envelope.event().has("release")).isFalse();
        assertThat(envelope.event().at("/fingerprint/0").asString()).isEqualTo("0123456789abcdef");
        assertThat(envelope.event().at("/exception/values/0/type").asString()).isEqualTo("java.io.IOException");
        assertThat(envelope.event().at("/exception/values/0/value").asString()).isEqualTo("it broke");
        assertThat(envelope.event().path("tags").toString())
                .isEqualTo(
                        "{\"service\":\"api-gateway\",\"tenant\":\"acme\",\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"}");
        assertThat(counted("sent")).isEqualTo(1);
    }

    @Test
    void aRecordThatIsReadTwiceIsTheSameEvent() {
        SentryEnvelope envelope = new SentryEnvelope(properties());
        assertThat(envelope.of(error("it broke"), "errors-0-7", now))
                .isEqualTo(envelope.of(error("it broke"), "errors-0-7", now));
        assertThat(envelope.of(error("it broke"), "errors-0-8", now))
                .isNotEqualTo(envelope.of(error("it broke"), "errors-0-7", now));
    }

    @Test
    void noSecretLeavesThePlatform() {
        send(project(), error("refused whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw for slk_live_0123456789abcdef"));
        assertThat(sentry.received().getFirst().event().toString())
                .contains("whsec_***")
                .doesNotContain("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .doesNotContain("0123456789abcdef for")
                .doesNotContain("live_0123456789abcdef");
    }

    @Test
    void oneThatHasHadEnoughIsLeftAloneForAsLongAsItSays() {
        SentryProject project = project();
        sentry.answer(429, "30");
        send(project, error("first"));
        assertThat(sentry.asked()).as("not tried again at once").isEqualTo(1);
        sentry.answer(200, "");
        now = now.plusSeconds(29);
        send(project, error("second"));
        assertThat(sentry.asked()).isEqualTo(1);
        now = now.plusSeconds(1);
        send(project, error("third"));
        assertThat(sentry.received()).hasSize(1);
        assertThat(counted("dropped")).isEqualTo(2);
    }

    @Test
    void whatItRefusesOrCannotTakeIsDroppedAndCounted() {
        SentryProject project = project();
        sentry.answer(400, "");
        send(project, error("refused"));
        assertThat(sentry.asked()).isEqualTo(1);
        sentry.close();
        send(project, error("nobody there"));
        assertThat(counted("dropped")).isEqualTo(2);
        assertThat(counted("sent")).isZero();
    }

    @Test
    void isOffWithoutAProject() {
        assertThat(bind(Map.of()).project()).isEmpty();
        assertThat(bind(Map.of("sluice.metrics.sentry.dsn", "")).project()).isEmpty();
    }

    @Test
    void readsWhatSentryShows() {
        SentryProperties properties = bind(Map.of(
                "sluice.metrics.sentry.dsn", "https://0a1b2c:old@o1.ingest.example.com:8443/below/4501",
                "sluice.metrics.sentry.environment", "live",
                "sluice.metrics.sentry.release", "1.2",
                "sluice.metrics.sentry.timeout", "3s"));
        SentryDsn dsn = properties.project().orElseThrow();
        assertThat(dsn.envelopes()).hasToString("https://o1.ingest.example.com:8443/below/api/4501/envelope/");
        assertThat(dsn.key()).isEqualTo("0a1b2c");
        assertThat(properties.environment()).isEqualTo("live");
        assertThat(properties.release()).isEqualTo("1.2");
        assertThat(properties.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.toString() + dsn).doesNotContain("0a1b2c");
    }

    @Test
    void refusesWhatIsNoDsnWithoutSayingWhatItWas() {
        for (String wrong : new String[] {
            "0a1b2c",
            "https://sentry.example.com/1",
            "https://0a1b2c@sentry.example.com",
            "https://0a1b2c@sentry.example.com/",
            "ftp://0a1b2c@sentry.example.com/1",
            "https://0a1b2c\r\n@sentry.example.com/1",
            "https://0a%0a1b2c@sentry.example.com/1"
        }) {
            assertThatThrownBy(() -> new SentryProperties(wrong, "", "", PATIENCE))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sluice.metrics.sentry.dsn")
                    .hasMessageNotContaining("0a1b2c")
                    .hasNoCause();
        }
        assertThatThrownBy(() -> new SentryProperties("", "", "", Duration.ZERO))
                .hasMessageContaining("timeout");
    }

    private SentryProject project() {
        return new SentryProject(properties().project().orElseThrow(), PATIENCE, () -> now, meters);
    }

    private SentryProperties properties() {
        return new SentryProperties(sentry.dsn(), "staging", "", PATIENCE);
    }

    private void send(SentryProject project, ErrorReport error) {
        project.send(new SentryEnvelope(properties()).of(error, "errors-0-7", now));
    }

    private double counted(String result) {
        return meters.counter("sluice.metrics.sentry.errors", "result", result).count();
    }

    private static ErrorReport error(String message) {
        return ErrorReport.newBuilder()
                .setFingerprint("0123456789abcdef")
                .setService("api-gateway")
                .setTenant("acme")
                .setType("java.io.IOException")
                .setMessage(message)
                .setTraceId("0af7651916cd43dd8448eb211c80319c")
                .setAt(AT)
                .build();
    }

    private static SentryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.metrics.sentry", SentryProperties.class);
    }
}
