package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

class WebPropertiesTest {

    @Test
    void takesMethodsThatUpstreamsKnow() {
        assertThat(bind(Map.of("sluice.web.extra-methods", "M-SEARCH,PROPFIND")).extraMethods())
                .containsExactly("M-SEARCH", "PROPFIND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "get", "A B", "A\r\nB", "-A"})
    void refusesMethodsThatAreNoneOrNeverLetIn(String method) {
        assertThatThrownBy(() -> bind(Map.of("sluice.web.extra-methods", method)))
                .rootCause()
                .hasMessageContaining("sluice.web.extra-methods");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void refusesToKeepLessThanOneTraceASecond(String most) {
        assertThatThrownBy(() -> bind(Map.of("sluice.web.trace-max-per-second", most)))
                .rootCause()
                .hasMessageContaining("sluice.web.trace-max-per-second");
    }

    @Test
    void ofTheTracesThatBeginNoMoreAreKeptThanThatManyASecond() {
        RequestContextFilter filter = new WebAutoConfiguration()
                .requestContextFilter(
                        bind(Map.of("sluice.web.trace-ratio", "1", "sluice.web.trace-max-per-second", "1")));
        assertThat(IntStream.range(0, 1_000).filter(i -> isKept(filter))).hasSizeBetween(1, 999);
    }

    private static boolean isKept(RequestContextFilter filter) {
        ServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        filter.filter(exchange, passed -> Mono.empty()).block();
        return RequestContext.of(exchange).isTraceKept();
    }

    private static WebProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("sluice.web", WebProperties.class);
    }
}
