package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class SessionCredentialTest {

    private final HttpHeaders headers = new HttpHeaders();

    @Test
    void isTheTokenOfTheScheme() {
        headers.add("Authorization", "session sls_a");
        headers.add("Cookie", "__Host-sluice-session=sls_b");
        assertThat(SessionCredential.find(headers)).contains("sls_a");
    }

    @Test
    void isElseThatOfTheCookie() {
        headers.add("Cookie", "a=b; __Host-sluice-session=sls_b");
        assertThat(SessionCredential.find(headers)).contains("sls_b");
    }

    @Test
    void leavesKeysAndOtherSchemesToWhoAsksForKeys() {
        assertThat(SessionCredential.find(headers)).isEmpty();
        headers.add("Cookie", "__Host-sluice-session=sls_b");
        headers.add("Authorization", "Bearer slk_a");
        assertThat(SessionCredential.find(headers)).isEmpty();
        headers.set("Authorization", "Basic abc");
        assertThat(SessionCredential.find(headers)).isEmpty();
        headers.remove("Authorization");
        headers.add("X-API-Key", "slk_a");
        assertThat(SessionCredential.find(headers)).isEmpty();
    }

    @Test
    void refusesTwo() {
        headers.add("Cookie", "__Host-sluice-session=sls_a; __Host-sluice-session=sls_b");
        assertThatThrownBy(() -> SessionCredential.find(headers)).isInstanceOf(ProblemException.class);
        headers.add("Authorization", "Session sls_a");
        assertThat(SessionCredential.find(headers)).contains("sls_a");
        headers.add("X-API-Key", "slk_a");
        assertThatThrownBy(() -> SessionCredential.find(headers)).isInstanceOf(ProblemException.class);
    }
}
