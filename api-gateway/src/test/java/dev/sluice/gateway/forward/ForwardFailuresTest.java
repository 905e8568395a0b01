package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.relay.CallerBodyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardFailuresTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused: /10.0.0.7:8081"), ProblemType.UNAVAILABLE),
                Arguments.of(new ConnectTimeoutException("10.0.0.7"), ProblemType.UNAVAILABLE),
                Arguments.of(new NoRouteToHostException("10.0.0.7"), ProblemType.UNAVAILABLE),
                Arguments.of(new UnknownHostException("cache.internal"), ProblemType.UNAVAILABLE),
                Arguments.of(new RejectedExecutionException("pool of 10.0.0.7"), ProblemType.UNAVAILABLE),
                Arguments.of(new TimeoutException("pool of 10.0.0.7"), ProblemType.UNAVAILABLE),
                Arguments.of(ReadTimeoutException.INSTANCE, ProblemType.GATEWAY_TIMEOUT),
                Arguments.of(new IOException("reset by 10.0.0.7"), ProblemType.BAD_GATEWAY),
                Arguments.of(new IllegalArgumentException("from 10.0.0.7"), ProblemType.BAD_GATEWAY));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatHappenedWithoutInternalAddresses(Exception failure, ProblemType expected) {
        ProblemException problem = (ProblemException) ForwardFailures.map(InternalService.CACHE, failure);
        assertThat(problem.type()).isEqualTo(expected);
        assertThat(problem.detail()).startsWith("cache-service").doesNotContain("10.0.0.7", "internal");
        assertThat(problem.headers().containsKey("Retry-After")).isEqualTo(expected.status() == 503);
    }

    @Test
    void leavesTheCallersOwnFaultsToOthers() {
        IOException cause = new IOException("the caller went away");
        assertThat(ForwardFailures.map(InternalService.CACHE, new CallerBodyException(cause)))
                .isSameAs(cause);
        ProblemException problem = new ProblemException(ProblemType.TOO_LARGE, "x");
        assertThat(ForwardFailures.map(InternalService.CACHE, problem)).isSameAs(problem);
        Error error = new StackOverflowError();
        assertThat(ForwardFailures.map(InternalService.CACHE, error)).isSameAs(error);
    }

    @Test
    void knowsWhichConnectionsEndedBeforeAnAnswer() {
        assertThat(ForwardFailures.isClosedConnection(new IOException("closed")))
                .isTrue();
        assertThat(ForwardFailures.isClosedConnection(new ConnectException("refused")))
                .isFalse();
        assertThat(ForwardFailures.isClosedConnection(ReadTimeoutException.INSTANCE))
                .isFalse();
    }
}
