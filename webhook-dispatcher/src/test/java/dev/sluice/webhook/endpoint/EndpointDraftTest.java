package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.egress.EgressPolicy;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as they come in: what is taken, and the name of every field that is not. */
class EndpointDraftTest {
    private static final UrlRules RULES = new UrlRules(EgressPolicy.strict(), Set.of(443), Set.of());
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String URL = "https://example.com/hook";

    private final StrictJson json = new StrictJson();

    @Test
    void takesTheSmallestRequest() {
        EndpointDraft draft = read("{\"url\":\"https://EXAMPLE.com\",\"eventTypes\":[\"order.*\"]}");

        assertThat(draft.terms().url()).isEqualTo("https://example.com/");
        assertThat(draft.terms().eventTypes()).containsExactly("order.*");
        assertThat(draft.terms().description()).isEmpty();
        assertThat(draft.secret()).isEmpty();
    }

    @Test
    void takesAllFields() {
        EndpointDraft draft =
                EndpointDraft.of(request(URL, List.of("a.b", "c", "a.b"), "Bestellungen \u2713", SECRET), RULES);

        assertThat(draft.terms().eventTypes()).containsExactly("a.b", "c");
        assertThat(draft.terms().description()).isEqualTo("Bestellungen \u2713");
        assertThat(draft.secret().map(SigningKey::text)).hasValue(SECRET);
    }

    @Test
    void storesAllTypesInOneForm() {
        assertThat(EndpointDraft.of(request(URL, List.of("a", "*"), null, null), RULES)
                        .terms()
                        .eventTypes())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"eventTypes\":[\"a\"]} | missing_field | url",
                "{\"url\":\"https://example.com/\"} | missing_field | eventTypes",
                "{\"url\":null,\"eventTypes\":[\"a\"]} | missing_field | url",
                "{\"url\":\"https://example.com/\",\"eventTypes\":null} | missing_field | eventTypes",
                "{\"url\":1,\"eventTypes\":[\"a\"]} | wrong_type | url",
                "{\"url\":\"https://example.com/\",\"eventTypes\":\"a\"} | wrong_type | eventTypes",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[1]} | wrong_type | eventTypes[0]",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"secret\":1} | wrong_type | secret",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"description\":{}} | wrong_type | description",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"headers\":[]} | wrong_type | headers",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"timeout\":5} | wrong_type | timeout",
                "{\"url\":\"https://example.com/\",\"eventTypes\":[\"a\"],\"status\":\"active\"} | unknown_field | status",
                "{\"url\":\"https://example.com/\",\"url\":\"x\",\"eventTypes\":[\"a\"]} | duplicate_field | url",
                "[] | wrong_type | body",
                "{ | invalid_json | body",
            })
    void namesTheFieldOfABodyThatCannotBeRead(String body, String code, String field) {
        ProblemException problem = refused(body);

        assertThat(problem.type().code()).isEqualTo(code);
        assertThat(problem.type().status()).isEqualTo(400);
        assertThat(problem.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "http://example.com/", "https://127.0.0.1/", "https://localhost/"})
    void refusesUrlsThatWebhooksAreNotSentTo(String url) {
        assertRefused(request(url, List.of("a"), null, null), "url", "invalid_url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "whsec_", "whsec_AAAA", "whsec_!", "whsk_AAAA"})
    void refusesSecretsThatAreNone(String secret) {
        assertRefused(request(URL, List.of("a"), null, secret), "secret", "invalid_secret");
    }

    @Test
    void refusesDescriptionsThatAreTooLongOrHoldControls() {
        assertThat(EndpointDraft.of(request(URL, List.of("a"), "x".repeat(256), null), RULES)
                        .terms()
                        .description())
                .hasSize(256);
        for (String description : List.of("x".repeat(257), "a\nb", "\u0000", "\u007f", "\u0085")) {
            assertRefused(request(URL, List.of("a"), description, null), "description", "invalid_description");
        }
    }

    @Test
    void refusesNoneOrTooManyEventTypes() {
        List<@Nullable String> fifty = types(50);
        List<@Nullable String> more = types(51);

        assertThat(EndpointDraft.of(request(URL, fifty, null, null), RULES)
                        .terms()
                        .eventTypes())
                .hasSize(50);
        assertRefused(request(URL, more, null, null), "eventTypes", "invalid_event_types");
        assertRefused(request(URL, List.of(), null, null), "eventTypes", "invalid_event_types");
    }

    @Test
    void namesTheBadEventTypeByItsPlace() {
        assertRefused(request(URL, List.of("good", "Bad"), null, null), "eventTypes[1]", "invalid_event_type");
    }

    @Test
    void nullIsNoEventType() {
        assertRefused(request(URL, Collections.singletonList(null), null, null), "eventTypes[0]", "invalid_event_type");
        assertThat(refused("{\"url\":\"" + URL + "\",\"eventTypes\":[\"a\",null]}")
                        .field())
                .isEqualTo("eventTypes[1]");
    }

    @Test
    void saysAllThatIsWrongAtOnceAndRepeatsNoSecret() {
        CreateEndpoint request = request("x", List.of("A", "b", "C"), "\n", "whsec_canary");
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> EndpointDraft.of(request, RULES));

        assertThat(problem.errors().stream().map(FieldError::field))
                .containsExactly("url", "eventTypes[0]", "eventTypes[2]", "description", "secret");
        assertThat(problem.errors().toString()).doesNotContain("canary");
        assertThat(problem.field()).isEqualTo("url");
        assertThat(request.toString()).doesNotContain("canary");
    }

    @Test
    void aDraftDoesNotShowItsSecret() {
        assertThat(EndpointDraft.of(request(URL, List.of("a"), null, SECRET), RULES)
                        .toString())
                .doesNotContain(SECRET.substring(6));
    }

    private static List<@Nullable String> types(int count) {
        List<@Nullable String> types = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> types.add("type." + i));
        return types;
    }

    private static void assertRefused(CreateEndpoint request, String field, String code) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> EndpointDraft.of(request, RULES));

        assertThat(problem.type()).isEqualTo(ProblemType.UNPROCESSABLE);
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.detail()).isNotBlank();
        });
    }

    private static CreateEndpoint request(
            String url, List<@Nullable String> eventTypes, @Nullable String description, @Nullable String secret) {
        return new CreateEndpoint(
                url, eventTypes, description, null, null, null, null, null, null, null, null, null, null, secret);
    }

    @Test
    void aSuppliedKeySaysHowItIsSignedUnlessItsOwnerDoes() {
        String pair = Ed25519Key.generate().text();

        assertThat(EndpointDraft.of(request(URL, List.of("a"), null, pair), RULES)
                        .signatures())
                .isEqualTo(Signatures.V1A);
        assertThat(read(both("both", pair)).signatures()).isEqualTo(Signatures.BOTH);
        assertThat(read(both("both", SECRET)).signatures()).isEqualTo(Signatures.BOTH);
        assertThat(refused(both("v1", pair)).errors().stream().map(FieldError::field))
                .containsExactly("secret");
        assertThat(refused(both("v1a", SECRET)).errors().stream().map(FieldError::field))
                .containsExactly("secret");
        assertThat(refused(both("V1", SECRET)).errors().stream().map(FieldError::field))
                .containsExactly("signatureScheme");
    }

    private static String both(String scheme, String secret) {
        return "{\"url\":\"" + URL + "\",\"eventTypes\":[\"a\"],\"signatureScheme\":\"" + scheme + "\",\"secret\":\""
                + secret + "\"}";
    }

    private EndpointDraft read(String body) {
        return EndpointDraft.of(json.read(body.getBytes(StandardCharsets.UTF_8), CreateEndpoint.class), RULES);
    }

    private ProblemException refused(String body) {
        return catchThrowableOfType(ProblemException.class, () -> read(body));
    }
}
