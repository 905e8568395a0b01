package dev.sluice.gateway.proxy;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Names what went wrong with an upstream, and says what the caller is told. Pure. */
final class ProxyFailures {

    static final ProblemType BUSY = ProblemType.ours("upstream_busy", 503, "The upstream is busy");
    static final ProblemType NO_TARGET = ProblemType.ours("no_healthy_target", 503, "No target can take the request");
    static final ProblemType LOOP = ProblemType.ours("proxy_loop", 508, "The route leads back to the gateway");

    static final ProblemType WEBSOCKET_VERSION =
            ProblemType.ours("websocket_version", 426, "The WebSocket version is not supported");

    private ProxyFailures() {}

    /** The fault that an exception stands for; empty when it is none of an upstream's. */
    static Optional<UpstreamFault> faultOf(Throwable failure) {
        return Optional.ofNullable(
                switch (failure) {
                    case UpstreamException known -> known.fault();
                    case ConnectTimeoutException ignored -> UpstreamFault.CONNECT_TIMEOUT;
                    case SslHandshakeTimeoutException ignored -> UpstreamFault.CONNECT_TIMEOUT;
                    case ConnectException ignored -> UpstreamFault.REFUSED;
                    case NoRouteToHostException ignored -> UpstreamFault.REFUSED;
                    case UnknownHostException ignored -> UpstreamFault.REFUSED;
                    case SSLException ignored -> UpstreamFault.REFUSED;
                    // Both come from the connection pool.
                    case RejectedExecutionException ignored -> UpstreamFault.BUSY;
                    case TimeoutException ignored -> UpstreamFault.BUSY;
                    case TooLongFrameException ignored -> UpstreamFault.ANSWER_HEADERS_TOO_LARGE;
                    case DecoderException ignored -> UpstreamFault.INVALID_ANSWER;
                    case IllegalArgumentException ignored -> UpstreamFault.INVALID_ANSWER;
                    case IOException ignored -> UpstreamFault.CLOSED;
                    default -> null;
                });
    }

    /**
     * What a caller is told of a fault; the upstream's address is nobody's business.
     *
     * @param sentBefore whether an earlier attempt may have reached an upstream
     */
    static ProblemException problemOf(String route, UpstreamFault fault, boolean sentBefore) {
        ProblemType type = switch (fault) {
            case REFUSED, CLOSED, INVALID_ANSWER, ANSWER_HEADERS_TOO_LARGE, FAILING_STATUS -> ProblemType.BAD_GATEWAY;
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT -> ProblemType.GATEWAY_TIMEOUT;
            case BUSY -> BUSY;
            case NO_TARGET -> NO_TARGET;
        };
        String advice = fault.isUnsent() && !sentBefore
                ? "nothing was done. Send the request again later."
                : "what was asked may have been done; look before you repeat it.";
        ProblemException problem = new ProblemException(type, "Route " + route + ": " + fault.text() + "; " + advice)
                .withExtension("route", route)
                .withExtension("reason", fault.label());
        return fault.isUnsent() && type.status() == 503 ? problem.withHeader("Retry-After", "1") : problem;
    }
}
