package dev.sluice.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps the lease book of every tenant seen lately, sends its calls and wakes who waits for a lease. A tenant that is
 * forgotten gives its leases back. Thread-safe.
 */
final class LeaseDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final long RETRY_MICROS = 500_000;
    private static final int RECOUNTS_AT_ONCE = 64;

    private final GuardedLimits shared;
    private final LeaseTerms terms;
    /** Microseconds of a clock that never steps. */
    private final LongSupplier micros;

    private final InstantSource wallClock;
    private final Supplier<String> holders;
    private final Counter leases;
    private final Counter units;
    private final AtomicLong numbers = new AtomicLong();
    private final Cache<String, LeaseAccount> accounts;
    /** Kept, so that not every look into the cache makes one. */
    private final Function<String, LeaseAccount> opening = this::open;

    private final Scheduler scheduler = Schedulers.parallel();

    LeaseDesk(
            GuardedLimits shared,
            LeaseTerms terms,
            long maxTenants,
            Supplier<String> holders,
            LongSupplier micros,
            InstantSource wallClock,
            MeterRegistry meters) {
        this.shared = shared;
        this.terms = terms;
        this.holders = holders;
        this.micros = micros;
        this.wallClock = wallClock;
        this.leases = Counter.builder("sluice.limit.leases")
                .description("Leases that were granted")
                .register(meters);
        this.units = Counter.builder("sluice.limit.leased.units")
                .description("Cost units that were granted in leases")
                .register(meters);
        this.accounts = Caffeine.newBuilder()
                .maximumSize(maxTenants)
                .executor(Runnable::run)
                .removalListener((@Nullable String tenant, @Nullable LeaseAccount account, RemovalCause cause) -> {
                    if (account != null) {
                        giveEverythingBack(account).subscribe(reply -> {}, failure -> {});
                    }
                })
                .build();
    }

    static LongSupplier monotonicMicros() {
        long origin = System.nanoTime();
        return () -> (System.nanoTime() - origin) / 1_000;
    }

    /** To be taken before the shared counts are asked to decide. */
    LeaseBook.Mark mark(String tenant, List<Limit> limits) {
        return accountOf(tenant).book().mark(limits, micros.getAsLong());
    }

    /** Decides by what is held; null when the shared counts have to be asked. */
    @Nullable
    LimitDecision decide(String tenant, List<Limit> limits, long cost) {
        LeaseAccount account = accountOf(tenant);
        LimitDecision decision = account.book().decide(limits, cost, micros.getAsLong());
        if (decision != null && account.book().isRefillDue()) {
            refill(account);
        }
        return decision;
    }

    /** Decides what {@link #decide} could not, once a lease comes; an error when none can be had. */
    Mono<LimitDecision> await(String tenant, List<Limit> limits, long cost) {
        if (shared.isAway()) {
            return Mono.error(NotWaitedForException.lost());
        }
        return patiently(tenant, Mono.create(sink -> {
            LeaseAccount account = accountOf(tenant);
            LeaseAccount.Waiter waiter = new LeaseAccount.Waiter(new LeaseBook.Waiting(limits, cost), sink);
            sink.onDispose(() -> account.leave(waiter));
            if (account.enqueue(waiter)) {
                // What came before there was someone to wake is not asked for again. Whoever is not the first is served
                // with those before.
                serve(account);
            }
        }));
    }

    private <T> Mono<T> patiently(String tenant, Mono<T> answer) {
        return answer.timeout(shared.endOfPatience(tenant))
                .onErrorResume(
                        NotWaitedForException.class,
                        gaveUp -> Mono.<T>error(gaveUp).publishOn(scheduler));
    }

    /** Remembers an admission that the shared counts did not hear of, and tells them when they are back. */
    void owe(String tenant, List<Limit> limits, long cost) {
        LeaseAccount account = accountOf(tenant);
        long wall = ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant());
        account.book().owe(limits, cost, micros.getAsLong(), wall);
        watch(account);
    }

    /** Takes in what the shared counts decided; they may have been lost, and then this gateway knows better. */
    LimitDecision confirm(String tenant, List<Limit> limits, LimitDecision decision, long cost, LeaseBook.Mark asked) {
        LeaseAccount account = accountOf(tenant);
        LimitDecision confirmed = account.book().confirm(limits, decision, cost, asked, micros.getAsLong());
        watch(account);
        return confirmed;
    }

    /** The same with what is held here as left. */
    LimitDecision addHeld(String tenant, List<Limit> limits, LimitDecision seen) {
        LeaseAccount account = accounts.getIfPresent(tenant);
        return account == null ? seen : account.book().addHeld(limits, seen, micros.getAsLong());
    }

    /**
     * Tells what is owed. Completes once the shared counts know all that they have to know before they decide more; an error
     * when they did not hear it.
     */
    Mono<Void> settle(String tenant) {
        LeaseAccount account = accounts.getIfPresent(tenant);
        if (account == null || shared.isAway() || !account.book().owes()) {
            return Mono.empty();
        }
        if (!account.book().isInDebt()) {
            refill(account);
            return Mono.empty();
        }
        return patiently(tenant, Mono.create(sink -> {
            account.awaitSettlement(sink);
            refill(account);
        }));
    }

    /** Tells counts that began a new epoch all that is known here; an error when they did not hear it. */
    Mono<Void> recount(long epoch) {
        return Flux.fromIterable(accounts.asMap().values())
                .flatMap(account -> recount(account, epoch), RECOUNTS_AT_ONCE)
                .then();
    }

    private Mono<Void> recount(LeaseAccount account, long epoch) {
        return Mono.defer(() -> {
            long now = micros.getAsLong();
            LeaseCall call = next(account, number -> account.book().recount(number, epoch, now));
            if (call == null) {
                return Mono.empty();
            }
            return shared.recount(account.tenant(), call)
                    .doOnNext(reply -> answered(account, call, reply, now))
                    .doOnError(failure -> unanswered(account, call, failure))
                    // Broken counts of one tenant are no reason to leave those of all others alone.
                    .onErrorResume(TenantCountsException.class, refused -> Mono.empty())
                    .then();
        });
    }

    /** What is known here to be used of each limit; null when nothing is. */
    long @Nullable [] used(String tenant, List<Limit> limits) {
        LeaseAccount account = accounts.getIfPresent(tenant);
        return account == null ? null : account.book().used(limits, micros.getAsLong());
    }

    /** Gives all leases back, and waits a little for it. */
    @Override
    public void close() {
        List<LeaseAccount> all = List.copyOf(accounts.asMap().values());
        Mono.whenDelayError(all.stream().map(this::giveEverythingBack).toList())
                .timeout(FAREWELL)
                .doOnError(failure -> LOG.warn(
                        "some leases were not given back and count as used until they expire: {}", failure.toString()))
                .onErrorComplete()
                .block();
    }

    private LeaseAccount accountOf(String tenant) {
        LeaseAccount account = accounts.get(tenant, opening);
        if (account.book().isClosed()) {
            accounts.asMap().remove(tenant, account);
            return accounts.get(tenant, opening);
        }
        return account;
    }

    private LeaseAccount open(String tenant) {
        return new LeaseAccount(tenant, new LeaseBook(holders.get(), terms));
    }

    private void refill(LeaseAccount account) {
        long now = micros.getAsLong();
        List<LeaseBook.Waiting> waiting = account.waiting();
        LeaseCall call = next(account, number -> account.book().refill(number, waiting, now));
        if (call != null) {
            send(account, call, now);
        }
    }

    /** A number that is drawn early and used late would be passed over, and what the call tells with it. */
    private @Nullable LeaseCall next(LeaseAccount account, LongFunction<@Nullable LeaseCall> call) {
        synchronized (account.book()) {
            return call.apply(numbers.incrementAndGet());
        }
    }

    private void send(LeaseAccount account, LeaseCall call, long sentAt) {
        shared.lease(account.tenant(), call)
                .subscribe(
                        reply -> answered(account, call, reply, sentAt), failure -> unanswered(account, call, failure));
    }

    private void answered(LeaseAccount account, LeaseCall call, LeaseReply reply, long sentAt) {
        account.book().answered(call, reply, sentAt, micros.getAsLong());
        count(reply);
        if (!account.book().isInDebt()) {
            account.settled();
        }
        serve(account);
        watch(account);
    }

    private void unanswered(LeaseAccount account, LeaseCall call, Throwable failure) {
        account.book().abandon(call);
        account.refuse(failure);
        watch(account);
    }

    private void serve(LeaseAccount account) {
        account.serve(micros.getAsLong());
        if (account.isWaitedFor()
                || account.book().isRefillDue()
                || account.book().isInDebt()) {
            refill(account);
        }
    }

    private void count(LeaseReply reply) {
        for (LeaseReply.Line line : reply.lines()) {
            if (line.granted() > 0) {
                leases.increment();
                units.increment((double) line.granted());
            }
        }
    }

    /** Looks again later, as long as something is held or owed. */
    private void watch(LeaseAccount account) {
        if ((account.book().holds() || account.book().owes()) && account.startWatching()) {
            long pause = shared.isAway() ? RETRY_MICROS : terms.idle();
            scheduler.schedule(() -> look(account), pause, TimeUnit.MICROSECONDS);
        }
    }

    private void look(LeaseAccount account) {
        account.stopWatching();
        if (!shared.isAway()) {
            long now = micros.getAsLong();
            LeaseCall call = next(account, number -> account.book().giveBackIdle(number, now));
            if (call != null) {
                send(account, call, now);
                return;
            }
        }
        watch(account);
    }

    private Mono<LeaseReply> giveEverythingBack(LeaseAccount account) {
        LeaseCall call = next(account, number -> account.book().close(number, micros.getAsLong()));
        account.refuse(new IllegalStateException("the tenant's leases are given back"));
        return call == null ? Mono.empty() : shared.lease(account.tenant(), call);
    }
}
