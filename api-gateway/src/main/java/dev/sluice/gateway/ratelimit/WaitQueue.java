package dev.sluice.gateway.ratelimit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Who waits, in the order they came. Who leaves is passed over later, so that neither coming nor leaving is a search.
 * Thread-safe.
 */
final class WaitQueue {

    static final long NOBODY = Long.MAX_VALUE;

    private static final class Waiter implements Subscription {

        private final long since;
        private final Subscriber<?> subscriber;
        private volatile boolean hasLeft;

        Waiter(long since, Subscriber<?> subscriber) {
            this.since = since;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            hasLeft = true;
        }
    }

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** Who cancels leaves; who does not is sent away with an error, and nothing else. */
    void join(Subscriber<?> subscriber, long now) {
        Waiter waiter = new Waiter(now, subscriber);
        subscriber.onSubscribe(waiter);
        waiters.add(waiter);
    }

    /** Since when the first has been waiting; {@link #NOBODY} when nobody has. */
    long oldest() {
        Waiter first = first();
        return first == null ? NOBODY : first.since;
    }

    /** Sends away those at the head who have been waiting since such a time. */
    void sendAway(LongPredicate since, Supplier<NotWaitedForException> reason) {
        for (Waiter first = first(); first != null && since.test(first.since); first = first()) {
            waiters.remove(first);
            first.subscriber.onError(reason.get());
        }
    }

    private @Nullable Waiter first() {
        Waiter first = waiters.peek();
        while (first != null && first.hasLeft) {
            waiters.remove(first);
            first = waiters.peek();
        }
        return first;
    }
}
