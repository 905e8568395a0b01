package dev.sluice.metrics.query;

import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Reads of the stores, off the event loop: tried again for as long as a rebalance takes that moves nothing. */
public final class StoreReads {
    private static final String RETRY_AFTER_SECONDS = "2";

    /** Longer ones are the client's to wait for. */
    private static final Retry SHORT_WAIT = Retry.fixedDelay(8, Duration.ofMillis(125))
            .filter(StoresNotReadyException.class::isInstance)
            .onRetryExhaustedThrow((retry, last) -> last.failure());

    private StoreReads() {}

    /** What is read; a problem with Retry-After when the stores stay away. */
    public static <T> Mono<T> of(Callable<T> read) {
        return Mono.fromCallable(read)
                .subscribeOn(Schedulers.boundedElastic())
                .retryWhen(SHORT_WAIT)
                .onErrorMap(StoresNotReadyException.class, StoreReads::notReady);
    }

    private static ProblemException notReady(StoresNotReadyException reason) {
        return new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "Try again in " + RETRY_AFTER_SECONDS + " seconds; " + reason.getMessage() + ".")
                .withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
}
