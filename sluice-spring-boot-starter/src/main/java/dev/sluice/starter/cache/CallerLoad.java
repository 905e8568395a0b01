package dev.sluice.starter.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes a value on the thread of the caller that waits for it, where transactions and security contexts are. Only what is
 * made anew while something else is answered is made elsewhere, and what comes to be made after its caller has left.
 */
final class CallerLoad implements Origin {

    private enum State {
        WAITING,
        /** The waiting caller is to make it. */
        CALLED,
        LEFT,
        MAKING
    }

    private final Callable<?> loader;
    private final Executor elsewhere;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CompletableFuture<Answer> called = new CompletableFuture<>();
    private final CompletableFuture<Made> made = new CompletableFuture<>();

    CallerLoad(Callable<?> loader, Executor elsewhere) {
        this.loader = loader;
        this.elsewhere = elsewhere;
    }

    @Override
    public CompletableFuture<Made> make(boolean refresh) {
        if (!refresh && state.compareAndSet(State.WAITING, State.CALLED)) {
            boolean _ = called.complete(new Answer.None());
            return made;
        }
        if (state.compareAndSet(State.WAITING, State.MAKING) || state.compareAndSet(State.LEFT, State.MAKING)) {
            elsewhere.execute(this::run);
        }
        return made;
    }

    /** Waits for the answer, and makes the value where it is this caller's turn. */
    Answer await(CompletableFuture<Answer> answer) {
        Object _ = CompletableFuture.anyOf(called, answer).join();
        if (state.compareAndSet(State.CALLED, State.MAKING)) {
            run();
            Answer _ = answer.join();
            return own();
        }
        boolean _ = state.compareAndSet(State.WAITING, State.LEFT);
        return answer.join();
    }

    /** What this caller made, whatever became of it in the cache. */
    private Answer own() {
        return made.handle((value, failure) -> failure instanceof OriginException own
                        ? new Answer.Failed(own.thrown())
                        : new Answer.Value(value.value()))
                .join();
    }

    private void run() {
        try {
            boolean _ = made.complete(new Made(loader.call()));
        } catch (Throwable e) {
            // It goes to whoever waits.
            boolean _ = made.completeExceptionally(new OriginException(e));
        }
    }
}
