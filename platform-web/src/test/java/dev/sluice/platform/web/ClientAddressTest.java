package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class ClientAddressTest {

    @Test
    void isWhatTheGatewaySays() {
        assertThat(ClientAddress.of(exchange("192.0.2.7"))).contains("192.0.2.7");
        assertThat(ClientAddress.of(exchange("2001:db8::1"))).contains("2001:db8:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "unknown", "192.0.2.7:80", "a\u0001b"})
    void isNothingElse(String text) {
        assertThat(ClientAddress.of(exchange(text))).isEmpty();
    }

    @Test
    void isSaidOnceOrNotAtAll() {
        assertThat(ClientAddress.of(exchange())).isEmpty();
        assertThat(ClientAddress.of(exchange("192.0.2.7", "192.0.2.8"))).isEmpty();
    }

    private static MockServerWebExchange exchange(String... values) {
        return MockServerWebExchange.from(MockServerHttpRequest.get("/").header(ClientAddress.HEADER, values));
    }
}
