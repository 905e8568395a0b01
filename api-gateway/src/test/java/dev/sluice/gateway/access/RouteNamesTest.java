package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.HandlerMapping;

class RouteNamesTest {

    private final RouteNames names = new RouteNames(() -> List.of(
            "/",
            "/api/v1/keys",
            "/api/v1/keys/{id}",
            "/api/v1/keys/{id}/roll",
            "/api/v1/cache/**",
            "/api/v1/cache/namespaces/**",
            "/api/v1/keys"));

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/api/v1/keys, /api/v1/keys",
        "/api/v1/keys/abc123, /api/v1/keys/{id}",
        "/api/v1/keys/abc123/roll, /api/v1/keys/{id}/roll",
        "/api/v1/%6beys/abc123, /api/v1/keys/{id}",
        "/api/v1/cache, /api/v1/cache/**",
        "/api/v1/cache/stats, /api/v1/cache/**",
        "/api/v1/cache/namespaces/a/keys/b, /api/v1/cache/namespaces/**",
        "/api/v1/keysmith, __none__",
        "/somebody@example.org, __none__"
    })
    void namesARefusedRequestByItsTemplate(String path, String name) {
        assertThat(names.of(exchange(path))).isEqualTo(name);
    }

    @Test
    void takesTheTemplateThatItsHandlerHas() {
        MockServerWebExchange exchange = exchange("/api/v1/keys/abc123");
        exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/v1/other/{id}");
        assertThat(names.of(exchange)).isEqualTo("/api/v1/other/{id}");
    }

    @Test
    void whatServesAllPathsIsNoRoute() {
        MockServerWebExchange exchange = exchange("/nothing");
        exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/**");
        assertThat(names.of(exchange)).isEqualTo(RouteNames.NONE);
    }

    private static MockServerWebExchange exchange(String path) {
        return MockServerWebExchange.from(MockServerHttpRequest.method(
                org.springframework.http.HttpMethod.GET, java.net.URI.create("http://a" + path)));
    }
}
