package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookOrdering;
import dev.sluice.record.WebhookPayloadFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an owner may decide: headers, labels, times, each within its bounds. */
class EndpointTermsTest {

    private static final UrlRules RULES = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());

    @Test
    void takesAllFieldsAtTheirBounds() {
        Map<String, @Nullable String> headers = map(20, i -> "X-Header-" + i, i -> "v");
        Map<String, @Nullable String> metadata = map(20, i -> "label." + i, i -> "\u2713".repeat(256));
        EndpointTerms terms = EndpointTerms.of(
                OwnersFields.with(Map.of(
                        "headers",
                        headers,
                        "metadata",
                        metadata,
                        "timeout",
                        "PT30S",
                        "retryDelays",
                        Collections.nCopies(20, "PT24H"))),
                RULES);

        assertThat(terms.headers()).isEqualTo(headers);
        assertThat(terms.metadata()).isEqualTo(metadata);
        assertThat(terms.timeout()).hasValue(Duration.ofSeconds(30));
        assertThat(terms.retryDelays()).hasSize(20).containsOnly(Duration.ofHours(24));
        assertThat(terms.toString()).doesNotContain("X-Header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "PT0S", "PT0.999S", "PT30.001S", "-PT5S", "PT5", "P1D", "PT1.0000001S", "PT5S\n"})
    void refusesTimeoutsThatAreNone(String timeout) {
        assertThat(refused(OwnersFields.with("timeout", timeout))).containsExactly("timeout");
    }

    @Test
    void refusesSchedulesThatAreNone() {
        assertThat(refused(OwnersFields.with("retryDelays", List.of()))).containsExactly("retryDelays");
        assertThat(refused(OwnersFields.with("retryDelays", Collections.nCopies(21, "PT1S"))))
                .containsExactly("retryDelays");
        assertThat(refused(OwnersFields.with("retryDelays", Arrays.asList("PT1S", null, "PT24H0.001S"))))
                .containsExactly("retryDelays[1]", "retryDelays[2]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Webhook-Id",
                "webhook-signature",
                "WEBHOOK-TIMESTAMP",
                "webhook-anything",
                "Host",
                "Content-Length",
                "content-type",
                "Transfer-Encoding",
                "Connection",
                "Keep-Alive",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
                "Proxy-Authorization",
                "X-Forwarded-For",
                "Forwarded",
                "Via",
                "traceparent",
                "X-Sluice-Identity",
                "User-Agent",
                "Accept-Encoding",
                "If-Match",
                "Range",
                "Cookie",
                "Sec-Fetch-Mode"
            })
    void refusesHeadersThatAreNotTheOwners(String name) {
        assertThat(refused(headers(name, "v"))).containsExactly("headers." + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a\r\nb", "-a", "_a", "\u00e4", "a\u0000", "\u212aey", "a."})
    void refusesNamesThatAreNone(String name) {
        assertThat(refused(headers(name, "v"))).containsExactly("headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a\r\nwebhook-id: 1", "a\nb", "a\u0000b", "\u00e4", "a\tb", "\u007f"})
    void refusesValuesThatCouldEndTheHeader(String value) {
        assertThat(refused(headers("X-A", value))).containsExactly("headers.X-A");
    }

    @Test
    void refusesTooManyTooLongAndTwice() {
        assertThat(refused(OwnersFields.with("headers", map(21, i -> "X-" + i, i -> "v"))))
                .containsExactly("headers");
        assertThat(refused(headers("X-A", "v".repeat(1_025)))).containsExactly("headers.X-A");
        assertThat(refused(headers("X" + "a".repeat(64), "v"))).containsExactly("headers");
        assertThat(refused(OwnersFields.with("headers", map(9, i -> "X-" + i, i -> "v".repeat(1_000)))))
                .containsExactly("headers");
        assertThat(refused(OwnersFields.with("headers", Map.of("X-A", "1", "x-a", "2"))))
                .hasSize(1);
        Map<String, @Nullable String> none = new HashMap<>();
        none.put("X-A", null);
        assertThat(refused(OwnersFields.with("headers", none))).containsExactly("headers.X-A");
    }

    @Test
    void refusesLabelsOutOfBounds() {
        assertThat(refused(OwnersFields.with("metadata", map(21, i -> "a" + i, i -> ""))))
                .containsExactly("metadata");
        assertThat(refused(OwnersFields.with("metadata", Map.of("a b", "v")))).containsExactly("metadata");
        assertThat(refused(OwnersFields.with("metadata", Map.of("a", "v".repeat(257)))))
                .containsExactly("metadata.a");
        assertThat(refused(OwnersFields.with("metadata", Map.of("a", "\u0007"))))
                .containsExactly("metadata.a");
    }

    /** Whatever is taken is a field line that no receiver can read as another, and none that the dispatcher sets. */
    @Test
    void whatIsTakenIsOneHarmlessFieldLine() {
        Random random = new Random(5);
        String alphabet = "aAzZ09-_ :\r\n\t\u0000\u007f\u00e4*webhookst-id";
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            String name = text(random, alphabet, 12);
            String value = text(random, alphabet, 6);
            FieldChecks checks = new FieldChecks();
            Map<String, String> read = EndpointTerms.headers(Map.of(name, value), checks);

            assertThat(read.isEmpty()).isNotEqualTo(checks.isClean());
            if (!read.isEmpty()) {
                taken++;
                assertThat(name + ": " + value).matches("[A-Za-z0-9][A-Za-z0-9_-]*: [!-~]([ -~]*[!-~])?");
                assertThat(name.toLowerCase(Locale.ROOT)).doesNotStartWith("webhook-");
            }
        }
        assertThat(taken).isPositive();
    }

    private static String text(Random random, String alphabet, int max) {
        return random.ints(random.nextInt(max), 0, alphabet.length())
                .mapToObj(at -> alphabet.substring(at, at + 1))
                .collect(Collectors.joining());
    }

    private static Map<String, @Nullable String> map(
            int size, java.util.function.IntFunction<String> name, java.util.function.IntFunction<String> value) {
        Map<String, @Nullable String> map = new HashMap<>();
        IntStream.range(0, size).forEach(i -> map.put(name.apply(i), value.apply(i)));
        return map;
    }

    private static EndpointFields headers(String name, String value) {
        return OwnersFields.with("headers", Map.of(name, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101, Integer.MAX_VALUE})
    void refusesConcurrencyThatIsNone(int number) {
        assertThat(refused(OwnersFields.with("maxConcurrency", number))).containsExactly("maxConcurrency");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void takesConcurrencyUpToItsBounds(int number) {
        assertThat(EndpointTerms.of(OwnersFields.with("maxConcurrency", number), RULES)
                        .maxConcurrency())
                .hasValue(number);
    }

    @Test
    void takesTheOrdersThereAre() {
        assertThat(EndpointTerms.of(OwnersFields.with("ordering", null), RULES).ordering())
                .isEqualTo(WebhookOrdering.NONE);
        assertThat(EndpointTerms.of(OwnersFields.with("ordering", "none"), RULES)
                        .ordering())
                .isEqualTo(WebhookOrdering.NONE);
        assertThat(EndpointTerms.of(OwnersFields.with("ordering", "fifo"), RULES)
                        .ordering())
                .isEqualTo(WebhookOrdering.FIFO);
        for (String other : List.of("", "FIFO", "lifo", "unknown")) {
            assertThat(refused(OwnersFields.with("ordering", other))).containsExactly("ordering");
        }
    }

    @Test
    void takesThePayloadsThereAre() {
        assertThat(EndpointTerms.of(OwnersFields.with("payload", null), RULES).payload())
                .isEqualTo(WebhookPayloadFormat.STANDARD);
        assertThat(EndpointTerms.of(OwnersFields.with("payload", "standard"), RULES)
                        .payload())
                .isEqualTo(WebhookPayloadFormat.STANDARD);
        assertThat(EndpointTerms.of(OwnersFields.with("payload", "raw"), RULES).payload())
                .isEqualTo(WebhookPayloadFormat.RAW);
        for (String other : List.of("", "RAW", "thin", "unknown")) {
            assertThat(refused(OwnersFields.with("payload", other))).containsExactly("payload");
        }
    }

    @Test
    void takesRatesUpToTheirBounds() {
        assertThat(EndpointTerms.of(rate(1, null, null), RULES).rateLimit())
                .hasValue(new RateLimit(1, Duration.ofSeconds(1), 1));
        assertThat(EndpointTerms.of(rate(100_000, "PT1H", 100_000), RULES).rateLimit())
                .hasValue(new RateLimit(100_000, Duration.ofHours(1), 100_000));
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThat(refused(rate(0, "PT0.999S", 0)))
                .containsExactly("rateLimit.requests", "rateLimit.period", "rateLimit.burst");
        assertThat(refused(rate(100_001, "PT1H0.001S", 100_002)))
                .containsExactly("rateLimit.requests", "rateLimit.period", "rateLimit.burst");
        assertThat(refused(rate(5, "PT1S", 6))).containsExactly("rateLimit.burst");
        assertThat(refused(rate(-1, "a second", null))).containsExactly("rateLimit.requests", "rateLimit.period");
    }

    private static EndpointFields rate(int requests, @Nullable String period, @Nullable Integer burst) {
        return OwnersFields.with("rateLimit", new RateLimitFields(requests, period, burst));
    }

    private static List<String> refused(EndpointFields fields) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> EndpointTerms.of(fields, RULES));
        return problem.errors().stream().map(FieldError::field).toList();
    }
}
