package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class CredentialTest {

    @Test
    void findsTheKeyInEitherHeader() {
        assertThat(Credential.find(headers("Authorization", "Bearer k"), Map.of()))
                .contains("k");
        assertThat(Credential.find(headers("Authorization", "bEARER k"), Map.of()))
                .contains("k");
        assertThat(Credential.find(headers("X-API-Key", "k"), Map.of())).contains("k");
        assertThat(Credential.find(new HttpHeaders(), Map.of("key", List.of("k"))))
                .isEmpty();
    }

    @Test
    void leavesSpacesAroundTheKeyForTheKeyToRefuse() {
        assertThat(Credential.find(headers("Authorization", "Bearer  k"), Map.of()))
                .contains(" k");
        assertThat(Credential.find(headers("Authorization", "Bearer k "), Map.of()))
                .contains("k ");
    }

    @Test
    void anotherSchemeIsAKeyThatIsNone() {
        assertThat(Credential.find(headers("Authorization", "Basic azprCg=="), Map.of()))
                .contains("");
        assertThat(Credential.find(headers("Authorization", ""), Map.of())).contains("");
    }

    @Test
    void refusesTwoKeysHoweverTheyAreSent() {
        HttpHeaders both = headers("Authorization", "Bearer k");
        both.add("X-API-Key", "k");
        HttpHeaders twice = headers("Authorization", "Bearer k");
        twice.add("Authorization", "Bearer k");
        HttpHeaders keys = headers("X-API-Key", "k");
        keys.add("X-API-Key", "k");
        for (HttpHeaders headers : List.of(both, twice, keys)) {
            assertThatThrownBy(() -> Credential.find(headers, Map.of()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.INVALID_HEADER));
        }
    }

    @ParameterizedTest
    @CsvSource({"api_key,k", "API_KEY,k", "access_token,k", "x-api-key,k", "q,slk_live_abc"})
    void refusesAKeyInTheQueryWithoutRepeatingIt(String name, String value) {
        assertThatThrownBy(() -> Credential.find(headers("X-API-Key", "k"), Map.of(name, List.of(value))))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.INVALID_PARAMETER);
                    assertThat(problem.field()).isEqualTo(name);
                    assertThat(problem.detail()).doesNotContain("slk_live_abc");
                });
    }

    private static HttpHeaders headers(String name, String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.add(name, value);
        return headers;
    }
}
