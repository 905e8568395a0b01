package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class WebSocketHandshakeTest {

    private static final List<String> ALLOWED = List.of("https://app.example.com");

    @Test
    void isAskedForByBothHeaders() {
        assertThat(WebSocketHandshake.isAskedFor(handshake())).isTrue();
        assertThat(WebSocketHandshake.isAskedFor(with("Connection", "keep-alive")))
                .isFalse();
        assertThat(WebSocketHandshake.isAskedFor(with("Connection", "keep-alive, upgrade")))
                .isTrue();
        assertThat(WebSocketHandshake.isAskedFor(with("Upgrade", "h2c"))).isFalse();
    }

    @Test
    void refusesAnotherVersion() {
        assertRefused(with("Sec-WebSocket-Version", "8"), 426, "Sec-WebSocket-Version");
    }

    @Test
    void refusesAHandshakeWithoutKeyOrWithTwo() {
        HttpHeaders none = handshake();
        none.remove("Sec-WebSocket-Key");
        assertRefused(none, 400, "Sec-WebSocket-Key");
        HttpHeaders two = handshake();
        two.add("Sec-WebSocket-Key", "b");
        assertRefused(two, 400, "Sec-WebSocket-Key");
    }

    @Test
    void refusesThePagesOfOtherSites() {
        assertRefused(with("Origin", "https://evil.example"), 403, "Origin");
        assertRefused(with("Origin", "null"), 403, "Origin");
        assertRefused(with("Origin", "https://gateway:1.evil.example"), 403, "Origin");
        for (String own : List.of("https://gateway:8080", "http://GATEWAY:8080", "https://app.example.com")) {
            assertThatCode(() -> WebSocketHandshake.check(with("Origin", own), ALLOWED))
                    .as(own)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void letsClientsInThatAreNoBrowsers() {
        assertThatCode(() -> WebSocketHandshake.check(handshake(), ALLOWED)).doesNotThrowAnyException();
    }

    private static void assertRefused(HttpHeaders headers, int status, String field) {
        assertThatThrownBy(() -> WebSocketHandshake.check(headers, ALLOWED))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.type().status()).isEqualTo(status);
                    assertThat(problem.field()).isEqualTo(field);
                });
    }

    private static HttpHeaders with(String name, String value) {
        HttpHeaders headers = handshake();
        headers.set(name, value);
        return headers;
    }

    private static HttpHeaders handshake() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Host", "gateway:8080");
        headers.set("Connection", "Upgrade");
        headers.set("Upgrade", "websocket");
        headers.set("Sec-WebSocket-Version", "13");
        headers.set("Sec-WebSocket-Key", "a");
        return headers;
    }
}
