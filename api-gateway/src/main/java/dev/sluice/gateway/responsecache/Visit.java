package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.responsecache.Storability.Asker;
import dev.sluice.gateway.route.CachePolicy;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request on its way through the cache. Used by one request at a time. */
final class Visit {

    private final OriginCall call;
    private final CachePolicy policy;
    private final AnswerKey key;
    private final String terms;
    private final Fields request;
    private final CallerWish wish;
    private @Nullable HttpHeaders upstreamHeaders;

    Visit(OriginCall call, CachePolicy policy, String terms) {
        this.call = call;
        this.policy = policy;
        this.terms = terms;
        this.key = AnswerKey.of(call, policy.share());
        this.request = Fields.of(call.callerHeaders());
        this.wish = CallerWish.of(request.all("Cache-Control"), request.all("Pragma"));
    }

    OriginCall call() {
        return call;
    }

    ResponseMeters meters() {
        return call.meters();
    }

    CachePolicy policy() {
        return policy;
    }

    AnswerKey key() {
        return key;
    }

    /** What answers that were got under other terms are not for. */
    String terms() {
        return terms;
    }

    Fields request() {
        return request;
    }

    CallerWish wish() {
        return wish;
    }

    boolean isHead() {
        return call.method().equals("HEAD");
    }

    boolean isRead() {
        return (call.method().equals("GET") || isHead()) && !call.hasBody();
    }

    /** Whether the answer depends on what the caller believes to be there, which only the upstream knows. */
    boolean hasPrecondition() {
        return request.has("If-Match") || request.has("If-Unmodified-Since");
    }

    boolean isConditional() {
        return request.has("If-None-Match") || request.has("If-Modified-Since");
    }

    boolean asksForRange() {
        return request.has("Range");
    }

    Asker asker() {
        return AnswerKey.askerOf(upstream(), policy.share());
    }

    /** What a header of the request says to the upstream, which chooses by it. */
    List<String> selecting(String name) {
        return upstream().getAll(name);
    }

    private HttpHeaders upstream() {
        HttpHeaders known = upstreamHeaders;
        if (known == null) {
            known = call.upstreamHeaders();
            upstreamHeaders = known;
        }
        return known;
    }
}
