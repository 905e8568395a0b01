package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateApiKeyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void takesAllScopesAndAnExpiry() {
        CreateApiKey wanted = new CreateApiKey("acme", "ci", "live", Scopes.ALL, "2026-02-01T00:00:00+01:00", null);
        assertThat(wanted.check(NOW)).contains(Instant.parse("2026-01-31T23:00:00Z"));
        assertThat(new CreateApiKey("acme", "ci", "test", List.of("admin"), null, null).check(NOW))
                .isEmpty();
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertField("name", () -> new CreateApiKey("acme", " ", "live", Scopes.ALL, null, null).check(NOW));
        assertField("name", () -> new CreateApiKey("acme", "a\u0007", "live", Scopes.ALL, null, null).check(NOW));
        assertField("name", () -> new CreateApiKey("acme", "a".repeat(101), "live", Scopes.ALL, null, null).check(NOW));
        assertField("environment", () -> new CreateApiKey("acme", "ci", "prod", Scopes.ALL, null, null).check(NOW));
        assertField("scopes", () -> new CreateApiKey("acme", "ci", "live", List.of(), null, null).check(NOW));
        assertField(
                "scopes[1]",
                () -> new CreateApiKey("acme", "ci", "live", List.of("admin", "root"), null, null).check(NOW));
        assertField(
                "scopes[1]",
                () -> new CreateApiKey("acme", "ci", "live", List.of("admin", "admin"), null, null).check(NOW));
        assertField(
                "scopes[0]",
                () -> new CreateApiKey("acme", "ci", "live", Arrays.asList((String) null), null, null).check(NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-02-01",
                "2025-12-31T23:59:59Z",
                "2026-01-01T00:00:00Z",
                "2126-01-01T00:00:00Z"
            })
    void refusesExpiryThatIsNoTimeAhead(String expiresAt) {
        assertField("expiresAt", () -> new CreateApiKey("acme", "ci", "live", Scopes.ALL, expiresAt, null).check(NOW));
    }

    private static void assertField(String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo(field));
    }
}
