package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.gateway.responsecache.Library.Found;
import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Asks an upstream for a head, which tells of the stored answer to GET (RFC 9111, section 4.3.5). Used by one request. */
final class HeadTap implements AnswerTap {

    private static final int OK = 200;

    private final ResponseCache cache;
    private final Visit visit;
    private final Found found;
    private long askedMillis;

    HeadTap(ResponseCache cache, Visit visit, Found found) {
        this.cache = cache;
        this.visit = visit;
        this.found = found;
    }

    @Override
    public void request(HttpHeaders headers) {
        askedMillis = cache.now();
    }

    @Override
    public @Nullable Publisher<Void> take(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        StoredAnswer stored = found.answer();
        Fields fields = Fields.of(headers);
        if (stored == null || status != OK || stored.status() != OK) {
            return null;
        }
        boolean keeps = Storability.allows(status, fields, visit.asker(), visit.policy())
                && !visit.wish().unstored();
        if (!Conditions.agree(fields, stored)) {
            cache.library().remove(visit.key());
        } else if (keeps) {
            StoredAnswer ignored = cache.shelf().refresh(visit, stored, fields, askedMillis, found);
        }
        return null;
    }

    @Override
    public Flux<ByteBuf> pass(RelayedAnswer answer, Flux<ByteBuf> body) {
        visit.meters().count(Outcome.MISS);
        String reason = found.answer() == null ? "uri-miss" : "stale";
        answer.add(CacheStatus.FIELD, CacheStatus.forwarded(reason, /* stored= */ false));
        return body;
    }
}
