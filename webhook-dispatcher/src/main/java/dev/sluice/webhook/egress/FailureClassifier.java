package dev.sluice.webhook.egress;

import dev.sluice.platform.web.egress.BlockedAddressException;
import dev.sluice.webhook.egress.Answer.Failure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Why there was no answer, from what the client threw. */
final class FailureClassifier {

    private FailureClassifier() {}

    static Failure classify(Throwable thrown) {
        // TLS failures arrive wrapped in decoder exceptions; the innermost match says most.
        Failure failure = Failure.PROTOCOL;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Failure match = match(cause);
            if (match != null) {
                failure = match;
            }
        }
        return failure;
    }

    private static @Nullable Failure match(Throwable thrown) {
        return switch (thrown) {
            case BlockedAddressException _ -> Failure.BLOCKED_ADDRESS;
            case UnknownHostException _ -> Failure.UNKNOWN_HOST;
            case ConnectTimeoutException _ -> Failure.TIMEOUT;
            case SslHandshakeTimeoutException _ -> Failure.TIMEOUT;
            case PoolAcquireTimeoutException _ -> Failure.TIMEOUT;
            case TimeoutException _ -> Failure.TIMEOUT;
            case io.netty.handler.timeout.TimeoutException _ -> Failure.TIMEOUT;
            case SSLException _ -> Failure.TLS;
            case ConnectException _ -> Failure.CONNECT;
            case PrematureCloseException _ -> Failure.CLOSED;
            case PrematureChannelClosureException _ -> Failure.CLOSED;
            case DecoderException _ -> Failure.PROTOCOL;
            case IOException _ -> Failure.CLOSED;
            default -> null;
        };
    }
}
