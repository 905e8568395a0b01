package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.platform.web.SecurityHeaders;
import dev.sluice.platform.web.caching.Directives;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes a stored answer to a caller: all of it, a range, or that the caller has it already. */
final class StoredReply {

    private static final int NOT_MODIFIED = 304;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;

    /** RFC 9110, section 15.4.5. */
    private static final Set<String> OF_NOT_MODIFIED =
            Set.of("cache-control", "content-location", "date", "etag", "expires", "vary", "cdn-cache-control");

    private final Visit visit;
    private final StoredAnswer stored;
    private final RelayedAnswer answer;

    private StoredReply(Visit visit, StoredAnswer stored) {
        this.visit = visit;
        this.stored = stored;
        this.answer = new RelayedAnswer(visit.call().exchange());
    }

    /** @param cacheStatus what Cache-Status says of it */
    static Mono<Void> write(Visit visit, StoredAnswer stored, long now, String cacheStatus) {
        return Mono.defer(() -> new StoredReply(visit, stored).write(now, cacheStatus));
    }

    private Mono<Void> write(long now, String cacheStatus) {
        SecurityHeaders.leaveTo(visit.call().exchange());
        Fields fields = stored.shown();
        Slice body = stored.body();
        int status = stored.status();
        Optional<ByteRange> range = rangeOf(body);
        if (Conditions.areNotModified(visit.request(), stored)) {
            status = NOT_MODIFIED;
            fields = fields.only(OF_NOT_MODIFIED::contains);
        } else if (range.isPresent()) {
            status = range.get().isSatisfiable() ? PARTIAL : UNSATISFIABLE;
            fields = ofRange(fields, range.get(), body.length());
            body = range.get().isSatisfiable()
                    ? body.part(
                            Math.toIntExact(range.get().first()), range.get().size())
                    : body.part(0, 0);
        }
        answer.head(status, fields.entries());
        if (status != NOT_MODIFIED && status != 204) {
            answer.add("Content-Length", Integer.toString(body.length()));
        }
        long age = stored.freshness(visit.policy()).age(stored.responseMillis(), now);
        answer.add("Age", Long.toString(Math.min(Directives.MAX_SECONDS, age / 1000)));
        answer.add("Via", visit.call().via());
        answer.add(CacheStatus.FIELD, cacheStatus);
        return answer.body(pieces(body));
    }

    private Optional<ByteRange> rangeOf(Slice body) {
        boolean fits = stored.status() == OK && !visit.isHead() && Conditions.holdsIfRange(visit.request(), stored);
        return fits ? ByteRange.of(visit.request(), body.length()) : Optional.empty();
    }

    private static Fields ofRange(Fields fields, ByteRange range, int length) {
        return range.isSatisfiable()
                ? fields.with("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + length)
                : fields.only(name -> name.equals("date")).with("Content-Range", "bytes */" + length);
    }

    private static Flux<ByteBuf> pieces(Slice body) {
        return body.length() == 0
                ? Flux.empty()
                : Mono.fromCallable(() -> Unpooled.wrappedBuffer(body.array(), body.offset(), body.length()))
                        .flux();
    }
}
