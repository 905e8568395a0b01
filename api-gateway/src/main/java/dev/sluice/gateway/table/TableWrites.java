package dev.sluice.gateway.table;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What became of a write to a table, in the words of the API. */
public final class TableWrites {

    private TableWrites() {}

    /** The write; what kept it from the log becomes a problem that says whether to try again. */
    public static <T> Mono<T> answered(Supplier<CompletableFuture<T>> write) {
        return Mono.fromFuture(write).onErrorMap(TableWrites::problem);
    }

    /** A write that need not have been the one: done as well when somebody else's came first. */
    public static CompletableFuture<Void> orAlreadyThere(CompletableFuture<?> write) {
        return write.handle((stored, failure) -> {
            if (failure != null && !(unwrap(failure) instanceof VersionConflictException)) {
                throw new CompletionException(unwrap(failure));
            }
            return null;
        });
    }

    /** A refusal because a table is not known in full yet. */
    public static ProblemException loading(String what) {
        return unavailable("The " + what + " are still being loaded; try again shortly.");
    }

    private static Throwable problem(Throwable failure) {
        return switch (unwrap(failure)) {
            case VersionConflictException ignored ->
                new ProblemException(
                        ProblemType.CONFLICT, "Somebody else has changed it just now; read it again, then repeat.");
            case PublisherOverloadedException ignored -> unavailable("Nothing was changed; try again shortly.");
            case PublishFailedException ignored ->
                unavailable("The log did not confirm the change in time; look whether it was made, then try again.");
            case Throwable other -> other;
        };
    }

    private static Throwable unwrap(Throwable failure) {
        @Nullable Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail).withHeader("Retry-After", "2");
    }
}
