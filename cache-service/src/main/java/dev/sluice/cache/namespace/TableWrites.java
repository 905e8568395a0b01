package dev.sluice.cache.namespace;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What became of a write to a table, in the words of the API. */
public final class TableWrites {

    private TableWrites() {}

    /** The write; what kept it from the log becomes a problem that says whether to try again. */
    public static <T> Mono<T> answered(Supplier<CompletableFuture<T>> write) {
        return Mono.fromFuture(write)
                .onErrorMap(
                        VersionConflictException.class,
                        failure -> new ProblemException(
                                ProblemType.CONFLICT,
                                "Somebody else has changed it just now; read it again, then repeat."))
                .onErrorMap(
                        PublisherOverloadedException.class,
                        failure -> unavailable("Nothing was changed; try again shortly."))
                .onErrorMap(
                        PublishFailedException.class,
                        failure -> unavailable(
                                "The log did not confirm the change in time; look whether it was made, then try again."));
    }

    /** A refusal for now. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader(HttpHeaders.RETRY_AFTER, "2");
    }
}
