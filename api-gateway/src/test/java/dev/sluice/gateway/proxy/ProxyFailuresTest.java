package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.ProblemException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyFailuresTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException(), UpstreamFault.REFUSED),
                Arguments.of(new UnknownHostException(), UpstreamFault.REFUSED),
                Arguments.of(new SSLHandshakeException("no"), UpstreamFault.REFUSED),
                // A ConnectException too.
                Arguments.of(new ConnectTimeoutException(), UpstreamFault.CONNECT_TIMEOUT),
                Arguments.of(new RejectedExecutionException(), UpstreamFault.BUSY),
                Arguments.of(new TimeoutException(), UpstreamFault.BUSY),
                // A DecoderException too.
                Arguments.of(new TooLongFrameException(), UpstreamFault.ANSWER_HEADERS_TOO_LARGE),
                Arguments.of(new DecoderException(), UpstreamFault.INVALID_ANSWER),
                Arguments.of(new IOException("reset"), UpstreamFault.CLOSED),
                Arguments.of(new UpstreamException(UpstreamFault.TOTAL_TIMEOUT), UpstreamFault.TOTAL_TIMEOUT));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesWhatWentWrong(Throwable failure, UpstreamFault fault) {
        assertThat(ProxyFailures.faultOf(failure)).hasValue(fault);
    }

    @Test
    void blamesNoUpstreamForABug() {
        assertThat(ProxyFailures.faultOf(new NullPointerException())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, 502",
        "CLOSED, 502",
        "INVALID_ANSWER, 502",
        "ANSWER_HEADERS_TOO_LARGE, 502",
        "FAILING_STATUS, 502",
        "BUSY, 503",
        "NO_TARGET, 503",
        "CONNECT_TIMEOUT, 504",
        "FIRST_BYTE_TIMEOUT, 504",
        "IDLE_TIMEOUT, 504",
        "TOTAL_TIMEOUT, 504"
    })
    void answersWithTheStatusOfTheFault(UpstreamFault fault, int status) {
        assertThat(ProxyFailures.problemOf("shop", fault, false).type().status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(UpstreamFault.class)
    void saysWhetherARequestMayBeSentAgain(UpstreamFault fault) {
        boolean unsent = switch (fault) {
            case REFUSED, CONNECT_TIMEOUT, BUSY, NO_TARGET -> true;
            case CLOSED,
                    INVALID_ANSWER,
                    ANSWER_HEADERS_TOO_LARGE,
                    FIRST_BYTE_TIMEOUT,
                    IDLE_TIMEOUT,
                    TOTAL_TIMEOUT,
                    FAILING_STATUS -> false;
        };
        ProblemException problem = ProxyFailures.problemOf("shop", fault, /* sentBefore= */ false);
        assertThat(problem).hasMessageContaining("Route shop: " + fault.text());
        assertThat(problem).hasMessageContaining(unsent ? "nothing was done" : "may have been done");
        assertThat(ProxyFailures.problemOf("shop", fault, /* sentBefore= */ true))
                .hasMessageContaining("may have been done");
    }
}
