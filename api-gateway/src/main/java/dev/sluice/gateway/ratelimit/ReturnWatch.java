package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks after the shared limits in the background: finds out that they are back, and sees to it that they know again what
 * they forgot before anybody believes them. Thread-safe.
 *
 * <p><b>A return.</b> Counts that are the same as before ({@link LeaseEpoch}) are trusted at once: what was admitted
 * without them is told tenant by tenant, each before they decide for it again. Counts of a new epoch may lack what they
 * had charged, and any gateway that was asked first would be given it a second time. So each gateway first tells of every
 * tenant how much it last heard to be used and what it admitted since, and then all go on by their shares for a
 * grace: until as many gateways have told as are known to be alive, or a time has passed that all of them were given.
 *
 * <p><b>How what they tell is put together.</b> Each answer says how much of a window all gateways had used by then. Who was
 * answered last heard the most, so the most that anyone heard is what the counts had: it is merged by its maximum. What was
 * admitted without them nobody else knows: it is a sum with one part for each gateway, and each part is reported as a
 * total, so that telling it twice counts it once. (A G-counter: Shapiro et al., "A comprehensive study of Convergent and
 * Commutative Replicated Data Types", INRIA RR-7506, specification 6.) {@code ratelimit.lua} keeps the two apart as long as
 * an epoch lasts, so the order in which gateways tell does not matter. Of a rate the higher level counts; it drains
 * anyway.
 */
final class ReturnWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReturnWatch.class);

    /** Where they answer they are greeted in one of so many rounds, to find out that they were emptied. */
    private static final int ROUNDS_A_GREETING = 5;

    private final GuardedLimits shared;
    private final Breaker breaker;
    private final LeaseDesk desk;
    private final GatewayCount gateways;
    private final String self;
    private final Duration grace;
    private final Counter recounts;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Birth of the epoch that is trusted. */
    private volatile long trusted;
    /** Birth of the epoch that was told all. */
    private volatile long recounted;

    private volatile boolean closed;
    private volatile Disposable rounds = Disposables.disposed();

    /**
     * @param self a name that no other gateway has
     * @param grace after which time a new epoch is trusted though not all gateways have told it what they know
     */
    ReturnWatch(
            GuardedLimits shared,
            Breaker breaker,
            LeaseDesk desk,
            GatewayCount gateways,
            String self,
            Duration grace,
            MeterRegistry meters) {
        this.shared = shared;
        this.breaker = breaker;
        this.desk = desk;
        this.gateways = gateways;
        this.self = self;
        this.grace = grace;
        this.recounts = Counter.builder("sluice.limit.recounts")
                .description(
                        "Times that this gateway told Redis again all that it knows, because its counts may be lost")
                .register(meters);
        Gauge.builder("sluice.limit.gateways", gateways, GatewayCount::getAsInt)
                .description("Gateways that a limit is shared among while Redis is away")
                .register(meters);
        shared.onSignOfLife(this::lookSoon);
    }

    /** Looks at once and then in each pause. */
    void start(Duration pause) {
        rounds = Flux.interval(Duration.ZERO, pause)
                .onBackpressureDrop()
                .concatMap(round -> isDue(round) ? look().onErrorComplete() : Mono.empty())
                .subscribe(looked -> {}, failure -> LOG.error("nobody looks after Redis any more", failure));
    }

    private boolean isDue(long round) {
        if (breaker.isOpen()) {
            gateways.grow();
            return true;
        }
        gateways.refresh();
        return round % ROUNDS_A_GREETING == 0;
    }

    /** Whoever answers over the next connection may not be who answered before. */
    void connectionBroke() {
        if (!closed) {
            shared.lose("the connection broke");
        }
    }

    private void lookSoon() {
        look().subscribe(looked -> {}, failure -> LOG.debug("Redis was heard and is lost again", failure));
    }

    /** Completes when it is known how things stand; does nothing while another look is on its way. */
    Mono<Void> look() {
        return Mono.defer(() -> {
            if (!looking.compareAndSet(false, true)) {
                return Mono.empty();
            }
            long openings = breaker.openings();
            return shared.greet(self, recounted)
                    .flatMap(epoch -> meet(epoch, openings))
                    .doOnError(failure -> shared.lose("it does not answer a greeting: " + failure))
                    .doFinally(end -> looking.set(false));
        });
    }

    private Mono<Void> meet(LeaseEpoch epoch, long openings) {
        if (epoch.born() == trusted || epoch.born() == recounted || isOldFriend(epoch)) {
            trustIfAllHaveTold(epoch, openings);
            return Mono.empty();
        }
        if (trusted != 0 || gateways.getAsInt() > 1) {
            shared.lose("its counts are new, and may lack what was charged");
        }
        // Should they be lost once more from here on, this look closes nothing.
        long openingsNow = breaker.openings();
        return desk.recount(epoch.born())
                .then(Mono.defer(() -> {
                    recounts.increment();
                    recounted = epoch.born();
                    return shared.greet(self, recounted);
                }))
                .doOnNext(after -> trustIfAllHaveTold(after, openingsNow))
                .then();
    }

    /** Whether these are the first counts that this gateway meets, and everyone else trusts them. */
    private boolean isOldFriend(LeaseEpoch epoch) {
        return trusted == 0 && recounted == 0 && isGraceOver(epoch);
    }

    private boolean isGraceOver(LeaseEpoch epoch) {
        return epoch.age() >= grace.toNanos() / 1_000;
    }

    private void trustIfAllHaveTold(LeaseEpoch epoch, long openings) {
        boolean told = epoch.born() == recounted && epoch.recounted() >= gateways.getAsInt();
        if (epoch.born() != trusted && !told && !isGraceOver(epoch)) {
            return;
        }
        trusted = epoch.born();
        if (breaker.close(openings)) {
            LOG.info("Redis decides limits again");
        }
    }

    @Override
    public void close() {
        closed = true;
        rounds.dispose();
    }
}
