package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class AccessLineTest {

    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
    private final AtomicInteger written = new AtomicInteger();

    @Test
    void isWrittenOnceWhenItIsReleased() {
        AccessLine line = AccessLine.hold(exchange);
        AccessLine.of(exchange).orElseThrow().keep(written::incrementAndGet);
        assertThat(written).hasValue(0);
        line.release();
        line.release();
        assertThat(written).hasValue(1);
    }

    @Test
    void isNotHeldAnyMoreWhenItIsReleasedBeforeTheHeadOfTheAnswer() {
        AccessLine.hold(exchange).release();
        assertThat(AccessLine.of(exchange)).isEmpty();
    }
}
