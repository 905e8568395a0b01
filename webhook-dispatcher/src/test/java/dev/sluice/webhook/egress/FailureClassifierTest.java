package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.egress.BlockedAddressException;
import dev.sluice.webhook.egress.Answer.Failure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients throw, bare and wrapped. */
class FailureClassifierTest {

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new BlockedAddressException(), Failure.BLOCKED_ADDRESS),
                Arguments.of(new UnknownHostException("x"), Failure.UNKNOWN_HOST),
                Arguments.of(new ConnectTimeoutException("x"), Failure.TIMEOUT),
                Arguments.of(new SslHandshakeTimeoutException("x"), Failure.TIMEOUT),
                Arguments.of(ReadTimeoutException.INSTANCE, Failure.TIMEOUT),
                Arguments.of(new TimeoutException("x"), Failure.TIMEOUT),
                Arguments.of(new SSLHandshakeException("x"), Failure.TLS),
                Arguments.of(new ConnectException("x"), Failure.CONNECT),
                Arguments.of(new NoRouteToHostException("x"), Failure.CLOSED),
                Arguments.of(new IOException("Connection reset by peer"), Failure.CLOSED),
                Arguments.of(new TooLongFrameException("x"), Failure.PROTOCOL),
                Arguments.of(new IllegalStateException("x"), Failure.PROTOCOL));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void namesTheReasonHoweverDeepItLies(Throwable thrown, Failure failure) {
        assertThat(FailureClassifier.classify(thrown)).isEqualTo(failure);
        assertThat(FailureClassifier.classify(new DecoderException(thrown))).isEqualTo(failure);
        assertThat(FailureClassifier.classify(new RuntimeException(new IOException(thrown))))
                .isIn(failure, failure == Failure.PROTOCOL ? Failure.CLOSED : failure);
    }
}
