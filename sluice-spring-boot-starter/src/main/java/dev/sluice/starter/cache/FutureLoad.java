package dev.sluice.starter.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a value without a thread that waits. Called on a thread that may block, should the application's code do so. */
final class FutureLoad implements Origin {

    private final Supplier<? extends CompletableFuture<?>> loader;
    private final Executor elsewhere;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Made> made = new CompletableFuture<>();

    FutureLoad(Supplier<? extends CompletableFuture<?>> loader, Executor elsewhere) {
        this.loader = loader;
        this.elsewhere = elsewhere;
    }

    @Override
    public CompletableFuture<Made> make(boolean refresh) {
        if (begun.compareAndSet(false, true)) {
            elsewhere.execute(this::run);
        }
        return made;
    }

    /** The answer, or what this caller made itself, which need not be made of bytes again. */
    Answer own(Answer answer) {
        if (!made.isDone() || made.isCompletedExceptionally()) {
            return answer;
        }
        return new Answer.Value(made.join().value());
    }

    private void run() {
        try {
            CompletableFuture<?> _ = loader.get().whenComplete(this::done);
        } catch (Throwable e) {
            done(null, e);
        }
    }

    private void done(@Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            boolean _ = made.complete(new Made(value));
            return;
        }
        Throwable thrown =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean _ = made.completeExceptionally(new OriginException(thrown));
    }
}
