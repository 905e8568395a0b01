package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.netty.channel.AbortedException;
import reactor.test.StepVerifier;

@ExtendWith(OutputCaptureExtension.class)
class ProblemExceptionHandlerTest {

    private final ProblemExceptionHandler handler =
            new ProblemExceptionHandler(new ProblemWriter(), RequestObserver.NONE);
    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

    static Exception[] departures() {
        return new Exception[] {
            new AbortedException("Connection has been closed BEFORE send operation"),
            new IOException("Connection reset by peer"),
            new IOException("Broken pipe")
        };
    }

    @ParameterizedTest
    @MethodSource("departures")
    void saysNothingOfACallerWhoWentAway(Exception departure, CapturedOutput output) {
        StepVerifier.create(handler.handle(exchange, departure)).verifyErrorMatches(departure::equals);
        assertThat(exchange.getResponse().isCommitted()).isFalse();
        assertThat(output).doesNotContain("ERROR");
    }

    @Test
    void logsAndHidesWhatIsOurFault(CapturedOutput output) {
        StepVerifier.create(handler.handle(exchange, new IllegalStateException("secret detail")))
                .verifyComplete();
        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
        assertThat(exchange.getResponse().getBodyAsString().block()).doesNotContain("secret detail");
        assertThat(output).contains("secret detail");
    }
}
