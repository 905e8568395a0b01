package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What becomes of writes to the table of endpoints, in the words of the API. */
public final class EndpointWrites {

    /** A writer that loses that often against others has found a loop of somebody's making. */
    private static final int MAX_REPETITIONS = 5;

    private EndpointWrites() {}

    /** What the write gives; 503 when the log does not take it. */
    public static <T> Mono<T> answered(Supplier<? extends CompletableFuture<T>> write) {
        return Mono.fromFuture(write)
                .onErrorMap(
                        e -> e instanceof PublishFailedException || e instanceof PublisherOverloadedException,
                        e -> unavailable("The log does not take writes just now; try again shortly."));
    }

    /** Begins a change anew, preconditions and all, when somebody else's came first. */
    static <T> Mono<T> repeated(Mono<T> change) {
        return change.retryWhen(Retry.max(MAX_REPETITIONS)
                        .filter(VersionConflictException.class::isInstance)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .onErrorMap(
                        VersionConflictException.class,
                        e -> new ProblemException(
                                ProblemType.CONFLICT, "Others change it all the time; read it again, then repeat."));
    }

    /** A refusal of what would be taken at another time. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader("Retry-After", "2");
    }
}
