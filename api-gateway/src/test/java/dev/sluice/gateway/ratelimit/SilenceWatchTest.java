package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A look at a silent Redis fails half way, on a virtual clock: nobody waits for ever because of it. */
class SilenceWatchTest {

    private static final Duration PATIENCE = Duration.ofMillis(5);
    private static final Duration DEADLINE = Duration.ofMillis(100);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final Breaker breaker = new Breaker(3);
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Throwable> sentAway = new ArrayList<>();

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void sendsEverybodyAwayThoughTellingOfTheLossFails() {
        SilenceWatch watch = watch(SilenceWatchTest::fail, Mono::empty);
        await(watch);
        await(watch);
        pass(PATIENCE.multipliedBy(2));
        assertThat(breaker.isOpen()).isTrue();
        assertThat(failures).hasSize(1);
        assertThat(sentAway).hasSize(2).allMatch(SilenceWatchTest::isLoss);
    }

    @Test
    void looksAgainForWhoComesAfterALookThatFailed() {
        SilenceWatch watch = watch(SilenceWatchTest::fail, Mono::empty);
        await(watch);
        pass(PATIENCE.multipliedBy(2));
        assertThat(breaker.close(breaker.openings())).isTrue();
        await(watch);
        pass(PATIENCE.multipliedBy(2));
        assertThat(sentAway).hasSize(2).allMatch(SilenceWatchTest::isLoss);
    }

    @Test
    void keepsNobodyBeyondTheDeadlineThoughItCannotTellWhatHasArrived() {
        SilenceWatch watch = watch(() -> {}, () -> {
            throw new IllegalStateException("no event loop");
        });
        await(watch);
        pass(DEADLINE.plus(PATIENCE));
        assertThat(breaker.isOpen()).as("nobody knows that it is silence").isFalse();
        assertThat(sentAway).hasSize(1).noneMatch(SilenceWatchTest::isLoss);
    }

    @Test
    void sendsTheOthersAwayThoughOneFailsToGo() {
        SilenceWatch watch = watch(() -> {}, Mono::empty);
        watch.endOfCall().subscribe(new Stubborn());
        await(watch);
        pass(PATIENCE.multipliedBy(2));
        assertThat(failures).hasSize(1);
        assertThat(sentAway).hasSize(1).allMatch(SilenceWatchTest::isLoss);
    }

    private SilenceWatch watch(Runnable onLoss, Supplier<Mono<Void>> caughtUp) {
        return new SilenceWatch(
                "all",
                breaker,
                onLoss,
                caughtUp,
                PATIENCE,
                DEADLINE,
                () -> time.now(TimeUnit.MICROSECONDS),
                time,
                failures::add);
    }

    private void await(SilenceWatch watch) {
        Mono.never().timeout(watch.endOfCall()).subscribe(any -> {}, sentAway::add);
    }

    private void pass(Duration length) {
        time.advanceTimeBy(length);
    }

    private static void fail() {
        throw new IllegalStateException("nobody can be told");
    }

    private static boolean isLoss(Throwable failure) {
        return failure instanceof NotWaitedForException gaveUp && gaveUp.isLost();
    }

    /** Does not take its error. */
    private static final class Stubborn implements Subscriber<Void> {

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(Void none) {}

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException("cannot go", failure);
        }

        @Override
        public void onComplete() {}
    }
}
