package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.access.AccessProperties.Audience;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.LimitVerdict;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class ServerTimingTest {

    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/a"));
    private final RequestTrail trail = new RequestTrail("GET", System.nanoTime());
    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void tellsAKnownCallerWhereTheTimeWent() {
        known();
        trail.admitted();
        trail.limited(LimitVerdict.ALLOWED);
        headers.add("Server-Timing", "upstream;dur=1.0");
        tell(Audience.AUTHENTICATED);
        assertThat(headers.getAll("Server-Timing")).first().isEqualTo("upstream;dur=1.0");
        assertThat(headers.getAll("Server-Timing"))
                .last()
                .asString()
                .matches("auth;dur=\\d+\\.\\d, limit;dur=\\d+\\.\\d, total;dur=\\d+\\.\\d");
    }

    @Test
    void leavesOutWhatARequestDidNotComeTo() {
        known();
        tell(Audience.AUTHENTICATED);
        assertThat(headers.get("Server-Timing")).matches("total;dur=\\d+\\.\\d");
    }

    @Test
    void tellsStrangersNothing() {
        trail.follow(exchange);
        tell(Audience.AUTHENTICATED);
        assertThat(headers.isEmpty()).isTrue();
    }

    @Test
    void tellsNobodyWhenSwitchedOff() {
        known();
        tell(Audience.NOBODY);
        assertThat(headers.isEmpty()).isTrue();
    }

    private void known() {
        trail.follow(exchange);
        new Identity("acme", "key-1", "free", Set.of()).establish(exchange);
    }

    private void tell(Audience audience) {
        trail.headNanos = System.nanoTime();
        new ServerTiming(audience).tell(trail, headers);
    }
}
