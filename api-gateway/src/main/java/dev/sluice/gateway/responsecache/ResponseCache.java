package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.responsecache.Flights.Flight;
import dev.sluice.gateway.responsecache.Flights.Seat;
import dev.sluice.gateway.responsecache.Library.Found;
import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import dev.sluice.gateway.responsecache.Storability.Asker;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A shared cache of HTTP before the upstreams of routes that have one (RFC 9111). Thread-safe; nothing blocks. */
public final class ResponseCache {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseCache.class);

    private static final ProblemType NOT_STORED =
            ProblemType.ours("not_stored", 504, "There is no stored answer that may be used");

    /** After that, who has waited for others' answers asks for one alone. */
    private static final int MAX_ROUNDS = 3;

    private static final int SERVER_ERROR = 500;

    private final Library library;
    private final AnswerShelf shelf;
    private final InstantSource clock;
    private final Duration patience;
    private final RouteTerms terms = new RouteTerms();
    private final Flights flights = new Flights();

    /** @param patience how long a request waits for another's answer */
    ResponseCache(Library library, AnswerShelf shelf, InstantSource clock, Duration patience) {
        this.library = library;
        this.shelf = shelf;
        this.clock = clock;
        this.patience = patience;
    }

    /** Answers a request out of the store, or has the upstream asked. */
    public Mono<Void> answer(OriginCall call, CachePolicy policy) {
        Visit visit = new Visit(call, policy, terms.of(call.route()));
        if (!visit.isRead()) {
            boolean safe = call.method().equals("GET")
                    || call.method().equals("HEAD")
                    || call.method().equals("OPTIONS");
            return call.pass(safe ? new BypassTap(visit, "method") : new ChangeTap(this, visit));
        }
        if (visit.wish().unstored() || visit.hasPrecondition()) {
            return call.pass(new BypassTap(visit, "request"));
        }
        call.lookedIntoStore();
        return look(visit, 0);
    }

    private Mono<Void> look(Visit visit, int round) {
        return library.find(visit.key(), visit::selecting).flatMap(found -> decide(visit, found, round));
    }

    private Mono<Void> decide(Visit visit, Found looked, int round) {
        StoredAnswer stored = looked.answer();
        Found found = stored == null || isFor(visit, stored) ? looked : looked.withoutAnswer();
        if (found.answer() == null) {
            return visit.wish().onlyStored() ? notStored() : fetch(visit, found, round);
        }
        return use(visit, found, found.answer(), round);
    }

    /** A route may have changed; and behind one key there may be many people. */
    private static boolean isFor(Visit visit, StoredAnswer stored) {
        return stored.terms().equals(visit.terms()) && !(stored.isPrivate() && visit.asker() == Asker.SOMEBODY);
    }

    private Mono<Void> use(Visit visit, Found found, StoredAnswer stored, int round) {
        long now = clock.millis();
        Freshness freshness = stored.freshness(visit.policy());
        long left = freshness.left(stored.responseMillis(), now);
        return switch (Use.of(freshness, stored.responseMillis(), visit.wish(), now)) {
            case FRESH -> {
                visit.meters().count(round == 0 ? Outcome.HIT : Outcome.COLLAPSED);
                yield writeStored(visit, stored, now, left);
            }
            case STALE -> {
                visit.meters().count(Outcome.STALE);
                yield writeStored(visit, stored, now, left);
            }
            case STALE_WHILE_REVALIDATING -> {
                visit.meters().count(Outcome.STALE);
                yield writeStored(visit, stored, now, left).doFirst(() -> revalidate(visit, found));
            }
            case VALIDATE -> visit.wish().onlyStored() ? notStored() : fetch(visit, found, round);
        };
    }

    private static Mono<Void> writeStored(Visit visit, StoredAnswer stored, long now, long left) {
        visit.call().answeredFromStore();
        return StoredReply.write(visit, stored, now, CacheStatus.hit(left));
    }

    /** Behind the caller's back, unless somebody does so already. */
    private void revalidate(Visit visit, Found found) {
        Seat seat = flights.join(found.flight());
        if (!seat.leads()) {
            return;
        }
        Disposable ignored = visit.call()
                .passUnseen(new UnseenFetchTap(this, visit, found, seat.flight()))
                .doFinally(signal -> seat.flight().land(Landing.ABANDONED))
                .subscribe(
                        nothing -> {},
                        failure -> LOG.debug("a stale answer could not be brought up to date: {}", failure.toString()));
    }

    private Mono<Void> fetch(Visit visit, Found found, int round) {
        if (visit.isHead()) {
            return visit.call().pass(new HeadTap(this, visit, found));
        }
        StoredAnswer stored = found.answer();
        boolean validates = stored != null && stored.hasValidator();
        if (visit.asksForRange() && !validates) {
            return visit.call().pass(new BypassTap(visit, "partial"));
        }
        // A 304 to the caller's own condition is of use to the caller alone.
        boolean alone = round >= MAX_ROUNDS
                || (visit.isConditional() && !validates)
                || visit.wish().validated()
                || flights.isSolo(found.flight());
        if (alone) {
            return ask(visit, found, null);
        }
        Seat seat = flights.join(found.flight());
        if (!seat.leads()) {
            return follow(visit, found, seat.flight(), round);
        }
        // The flight before may have landed between the look and this one: whoever leads looks once more.
        return library.find(visit.key(), visit::selecting)
                .flatMap(again -> isNews(found, again)
                        ? decide(visit, again, MAX_ROUNDS)
                                .doFirst(() -> seat.flight().land(Landing.ABANDONED))
                        : ask(visit, found, seat.flight()))
                .doOnError(failure -> seat.flight().land(Landing.failed(failure)))
                .doFinally(signal -> seat.flight().land(Landing.ABANDONED));
    }

    private static boolean isNews(Found before, Found now) {
        StoredAnswer known = before.answer();
        StoredAnswer stored = now.answer();
        return stored != null && (known == null || known.responseMillis() != stored.responseMillis());
    }

    private Mono<Void> ask(Visit visit, Found found, @Nullable Flight flight) {
        StoredAnswer stored = found.answer();
        Mono<Void> asked = visit.call().pass(new FetchTap(this, visit, found, flight));
        if (stored == null) {
            return asked;
        }
        return asked.onErrorResume(failure -> isUpstreams(failure) && mayStandIn(visit, stored), failure -> {
            if (flight != null) {
                flight.land(Landing.UPSTREAM_FAILED);
            }
            return serveInPlaceOfFailure(visit, stored);
        });
    }

    private Mono<Void> follow(Visit visit, Found found, Flight flight, int round) {
        return flight.landing()
                .timeout(patience, Mono.just(Landing.NOT_SHARED))
                .flatMap(landing -> switch (landing.kind()) {
                    case STORED, ABANDONED -> look(visit, round + 1);
                    case NOT_SHARED -> ask(visit, found, null);
                    case FAILED -> afterFailure(visit, found, landing.failure());
                });
    }

    private Mono<Void> afterFailure(Visit visit, Found found, @Nullable Throwable failure) {
        StoredAnswer stored = found.answer();
        if (stored != null && mayStandIn(visit, stored)) {
            return serveInPlaceOfFailure(visit, stored);
        }
        return failure != null && isUpstreams(failure) ? Mono.error(failure) : ask(visit, found, null);
    }

    /** The answer that was found is not to be asked about any more. */
    Mono<Void> fetchWithout(Visit visit, Found found) {
        return ask(visit, found.withoutAnswer(), null);
    }

    /** Whether a stale answer may be served in place of a failure (RFC 5861, section 4). */
    boolean mayStandIn(Visit visit, StoredAnswer stored) {
        Freshness freshness = stored.freshness(visit.policy());
        long left = freshness.left(stored.responseMillis(), clock.millis());
        return !visit.wish().validated()
                && !freshness.neverStale()
                && !freshness.alwaysValidate()
                && !visit.call().exchange().getResponse().isCommitted()
                && -left < freshness.ifError();
    }

    Mono<Void> serveInPlaceOfFailure(Visit visit, StoredAnswer stored) {
        visit.meters().count(Outcome.STALE_IF_ERROR);
        long now = clock.millis();
        long left = stored.freshness(visit.policy()).left(stored.responseMillis(), now);
        return StoredReply.write(visit, stored, now, CacheStatus.inPlaceOfFailure(left));
    }

    Mono<Void> serveValidated(Visit visit, StoredAnswer fresh) {
        visit.meters().count(Outcome.REVALIDATED);
        long now = clock.millis();
        long left = fresh.freshness(visit.policy()).left(fresh.responseMillis(), now);
        return StoredReply.write(visit, fresh, now, CacheStatus.validated(left));
    }

    Library library() {
        return library;
    }

    AnswerShelf shelf() {
        return shelf;
    }

    long now() {
        return clock.millis();
    }

    private static boolean isUpstreams(Throwable failure) {
        return failure instanceof ProblemException problem && problem.type().status() >= SERVER_ERROR;
    }

    /** RFC 9111, section 5.2.1.7. */
    private static Mono<Void> notStored() {
        return Mono.error(new ProblemException(
                NOT_STORED, "No stored answer may be used; leave out only-if-cached to have the upstream asked."));
    }
}
