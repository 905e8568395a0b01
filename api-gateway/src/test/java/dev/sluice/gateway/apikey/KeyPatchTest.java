package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPatchTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-06-01T00:00:00Z");

    private final ApiKey key = TestKeys.key("KeyThatIsPatched", LATER);

    @Test
    void keepsWhatItLeavesOut() {
        assertThat(patched("{}")).isEqualTo(key);
        ApiKey renamed = patched("{\"name\":\"other\"}");
        assertThat(renamed.getName()).isEqualTo("other");
        assertThat(ApiKey.newBuilder(renamed).setName(key.getName()).build()).isEqualTo(key);
    }

    @Test
    void replacesTheScopesAsAWhole() {
        assertThat(patched("{\"scopes\":[\"metrics:read\"]}").getScopes()).isEqualTo(List.of("metrics:read"));
    }

    @Test
    void takesTheExpiryAwayWithNullAndMovesItWithATime() {
        assertThat(patched("{\"expiresAt\":null}").getExpiresAt()).isNull();
        assertThat(patched("{\"expiresAt\":\"2026-02-01T00:00:00Z\"}").getExpiresAt())
                .isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
    }

    @Test
    void takesAnExpiryBackThatIsOverAsLongAsItStaysTheSame() {
        Instant over = Instant.parse("2025-12-01T00:00:00Z");
        ApiKey expired = TestKeys.key("KeyThatIsExpired", over);
        KeyPatch patch = read("{\"name\":\"other\",\"expiresAt\":\"2025-12-01T00:00:00Z\"}");
        assertThat(patch.applyTo(expired, NOW).getExpiresAt()).isEqualTo(over);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"name\":null}                    | invalid_field | name",
                "{\"scopes\":null}                  | invalid_field | scopes",
                "{\"name\":\" \"}                   | invalid_field | name",
                "{\"scopes\":[]}                    | invalid_field | scopes",
                "{\"scopes\":[\"root\"]}            | invalid_field | scopes[0]",
                "{\"scopes\":\"admin\"}             | wrong_type    | scopes",
                "{\"expiresAt\":\"yesterday\"}      | invalid_field | expiresAt",
                "{\"expiresAt\":\"2025-01-01T00:00:00Z\"} | invalid_field | expiresAt",
                "{\"expiresAt\":1}                  | wrong_type    | expiresAt",
                "{\"tenant\":\"acme\"}              | unknown_field | tenant",
                "{\"status\":\"active\"}            | unknown_field | status",
                "[]                                 | wrong_type    | body",
                "{                                  | invalid_json  | body"
            })
    void namesTheFieldThatCannotBe(String body, String code, String field) {
        assertThatThrownBy(() -> patched(body)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.type().code()).isEqualTo(code);
            assertThat(problem.field()).isEqualTo(field);
        });
    }

    private ApiKey patched(String body) {
        return read(body).applyTo(key, NOW);
    }

    private static KeyPatch read(String body) {
        return KeyPatch.read(body.getBytes(StandardCharsets.UTF_8), new StrictJson());
    }
}
