package dev.sluice.gateway.forward;

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

/** Turns what went wrong between the gateway and a service into what the caller is told. Pure. */
final class ForwardFailures {

    private static final String RETRY_AFTER = "Retry-After";

    private ForwardFailures() {}

    /** Whether the connection ended before any answer; such a request may be sent again when its method allows it. */
    static boolean isClosedConnection(Throwable failure) {
        return failure instanceof IOException && !isUnreachable(failure);
    }

    static Throwable map(InternalService service, Throwable failure) {
        return switch (failure) {
            case CallerBodyException body -> body.getCause();
            case ProblemException problem -> problem;
            case ReadTimeoutException ignored ->
                new ProblemException(
                        ProblemType.GATEWAY_TIMEOUT,
                        service.title() + " did not answer in time. What was asked may have been done; look before "
                                + "you repeat it.");
            case ConnectTimeoutException ignored -> unavailable(service, "cannot be reached");
            // Both come from the connection pool.
            case RejectedExecutionException ignored -> unavailable(service, "is busy");
            case TimeoutException ignored -> unavailable(service, "is busy");
            case Exception e when isUnreachable(e) -> unavailable(service, "cannot be reached");
            case Exception ignored ->
                new ProblemException(
                        ProblemType.BAD_GATEWAY,
                        service.title() + " gave no valid answer. What was asked may have been done; look before you "
                                + "repeat it.");
            default -> failure;
        };
    }

    private static boolean isUnreachable(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException;
    }

    private static ProblemException unavailable(InternalService service, String state) {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        service.title() + " " + state + "; nothing was done. Send the request again later.")
                .withHeader(RETRY_AFTER, "1");
    }
}
