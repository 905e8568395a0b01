package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.gateway.responsecache.Flights.Flight;
import dev.sluice.gateway.responsecache.Library.Found;
import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import dev.sluice.platform.web.caching.Directives;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks an upstream for an answer that is not stored, or whether one that is has changed. Used by one request. */
class FetchTap implements AnswerTap {

    private static final int NOT_MODIFIED = 304;

    /** What stale-if-error is about (RFC 5861, section 4). */
    private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

    private static final List<String> CONDITIONS = List.of("If-None-Match", "If-Modified-Since", "If-Range", "Range");

    private final ResponseCache cache;
    private final Visit visit;
    private final Found found;
    private final @Nullable StoredAnswer validated;
    private final @Nullable Flight flight;
    private long askedMillis;
    private @Nullable BodyCopy copy;

    /**
     * @param found what was looked up; an answer in it that can be validated is
     * @param flight of those who wait for this; null when nobody does
     */
    FetchTap(ResponseCache cache, Visit visit, Found found, @Nullable Flight flight) {
        this.cache = cache;
        this.visit = visit;
        this.found = found;
        this.flight = flight;
        StoredAnswer stored = found.answer();
        this.validated = stored != null && stored.hasValidator() ? stored : null;
    }

    @Override
    public void request(HttpHeaders headers) {
        askedMillis = cache.now();
        copy = null;
        StoredAnswer stored = validated;
        if (stored == null) {
            return;
        }
        CONDITIONS.forEach(headers::remove);
        stored.entityTag().ifPresent(tag -> headers.set("If-None-Match", tag));
        stored.lastModified().ifPresent(date -> headers.set("If-Modified-Since", date));
    }

    @Override
    public @Nullable Publisher<Void> take(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        Fields fields = Fields.of(headers);
        StoredAnswer stored = found.answer();
        if (status == NOT_MODIFIED && validated != null) {
            return drained(body).then(Mono.defer(() -> unchanged(validated, fields)));
        }
        if (stored != null && FAILURES.contains(status) && cache.mayStandIn(visit, stored)) {
            land(Landing.UPSTREAM_FAILED);
            return drained(body).then(Mono.defer(() -> inPlaceOfFailure(stored)));
        }
        long asked = askedMillis;
        if (cache.shelf().wants(visit, status, fields, asked)) {
            copy = cache.shelf()
                    .copy(
                            visit,
                            lengthOf(fields),
                            bytes -> land(cache.shelf().keep(visit, status, fields, asked, bytes, found)),
                            this::land);
        } else {
            land(Landing.NOT_SHARED);
        }
        return null;
    }

    @Override
    public Flux<ByteBuf> pass(RelayedAnswer answer, Flux<ByteBuf> body) {
        visit.meters().count(Outcome.MISS);
        String reason = found.answer() == null ? found.index() == null ? "uri-miss" : "vary-miss" : reasonOfStored();
        answer.add(CacheStatus.FIELD, CacheStatus.forwarded(reason, copy != null));
        return copied(body);
    }

    /** The body while it is copied, when it is. */
    Flux<ByteBuf> copied(Flux<ByteBuf> body) {
        BodyCopy copying = copy;
        return copying == null ? body : copying.of(body);
    }

    Mono<Void> inPlaceOfFailure(StoredAnswer stored) {
        return cache.serveInPlaceOfFailure(visit, stored);
    }

    /** The stored answer is as good as new. */
    Mono<Void> serveValidated(StoredAnswer fresh) {
        return cache.serveValidated(visit, fresh);
    }

    /** The stored answer is none of the upstream's any more, whatever it says. */
    Mono<Void> fetchAnew() {
        return cache.fetchWithout(visit, found);
    }

    void land(Landing how) {
        Flight waitedFor = flight;
        if (waitedFor != null) {
            waitedFor.land(how);
        }
    }

    private Mono<Void> unchanged(StoredAnswer stored, Fields fields) {
        if (!Conditions.isAbout(fields, stored)) {
            land(Landing.ABANDONED);
            return fetchAnew();
        }
        StoredAnswer fresh = cache.shelf().refresh(visit, stored, fields, askedMillis, found);
        Freshness freshness = fresh.freshness(visit.policy());
        boolean shared = freshness.left(fresh.responseMillis(), cache.now()) > 0 && !freshness.alwaysValidate();
        land(shared ? Landing.STORED : Landing.NOT_SHARED);
        return serveValidated(fresh);
    }

    private String reasonOfStored() {
        return visit.wish().validated() ? "request" : "stale";
    }

    private static OptionalLong lengthOf(Fields fields) {
        long length = fields.first("Content-Length").map(Directives::numberOf).orElse(-1L);
        return length < 0 || fields.has("Transfer-Encoding") ? OptionalLong.empty() : OptionalLong.of(length);
    }

    static Mono<Void> drained(Flux<ByteBuf> body) {
        return body.doOnNext(ByteBuf::release).then();
    }
}
