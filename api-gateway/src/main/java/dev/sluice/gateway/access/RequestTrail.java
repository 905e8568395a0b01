package dev.sluice.gateway.access;

import dev.sluice.gateway.access.AccessPublisher.Request;
import dev.sluice.record.LimitVerdict;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * What one request leaves behind on its way through the gateway, from the first byte read to the last byte written. Its
 * connection begins and ends it on the event loop; filters and handlers add to it, on whichever thread they run.
 */
public final class RequestTrail {

    private static final String ATTRIBUTE = RequestTrail.class.getName();
    private static final long NONE = Long.MIN_VALUE;
    private static final AtomicLongFieldUpdater<RequestTrail> COST =
            AtomicLongFieldUpdater.newUpdater(RequestTrail.class, "cost");

    private final String method;
    private final long startedNanos;
    private volatile @Nullable ServerWebExchange exchange;
    private volatile long admittedNanos = NONE;
    private volatile long limitedNanos = NONE;
    private volatile LimitVerdict verdict = LimitVerdict.NOT_LIMITED;
    private volatile @Nullable LimitVerdict refusal;
    private volatile long cost;
    private volatile long askedNanos = NONE;
    private volatile long answeredNanos = NONE;
    private volatile boolean looked;
    private volatile boolean kept;

    // Only the event loop of the connection touches what follows.
    long requestBytes;
    long responseBytes;
    int status;
    long headNanos = NONE;
    boolean ended;

    RequestTrail(String method, long startedNanos) {
        this.method = method;
        this.startedNanos = startedNanos;
    }

    /** The trail of a request; one that leads nowhere when its connection is not watched, as in a slice of the gateway. */
    public static RequestTrail of(ServerWebExchange exchange) {
        RequestTrail trail = exchange.getAttribute(ATTRIBUTE);
        return trail == null ? new RequestTrail("", 0) : trail;
    }

    /** Who is calling is known by now, or that it need not be. */
    public void admitted() {
        admittedNanos = System.nanoTime();
    }

    /** What the limits made of the request. */
    public void limited(LimitVerdict made) {
        verdict = made;
        limitedNanos = System.nanoTime();
    }

    /**
     * What the limits made of more that was found in the body. Once they refuse that, the request is a refused one, though what
     * came before it is done and charged; it is no longer when they admit it on another try.
     */
    public void limitedFurther(LimitVerdict made) {
        refusal = made == LimitVerdict.LIMITED || made == LimitVerdict.REFUSED ? made : null;
    }

    /** So many units were admitted, besides those before. */
    public void charged(long units) {
        COST.addAndGet(this, units);
    }

    /** An upstream or a service is asked. Only the first time counts. */
    public void asked() {
        if (askedNanos == NONE) {
            askedNanos = System.nanoTime();
        }
    }

    /** The head of an upstream's answer is there. The last time counts. */
    public void answered() {
        answeredNanos = System.nanoTime();
    }

    /** The response cache is looked into for the answer. */
    public void lookedIntoStore() {
        looked = true;
    }

    boolean isLookedIntoStore() {
        return looked;
    }

    /** The response cache has the answer; nobody was asked for it on behalf of this request. */
    public void answeredFromStore() {
        kept = true;
    }

    boolean isAnsweredFromStore() {
        return kept;
    }

    void follow(ServerWebExchange followed) {
        exchange = followed;
        followed.getAttributes().put(ATTRIBUTE, this);
    }

    /** Who and what it is about; none when the request was not understood so far. Forgotten once it is asked for. */
    @Nullable
    ServerWebExchange takeExchange() {
        ServerWebExchange taken = exchange;
        exchange = null;
        return taken;
    }

    @Nullable
    ServerWebExchange exchange() {
        return exchange;
    }

    String method() {
        return method;
    }

    LimitVerdict verdict() {
        LimitVerdict refused = refusal;
        return refused == null ? verdict : refused;
    }

    long cost() {
        return cost;
    }

    /** How long the caller waited until its answer began, or until all was over when none did. */
    long waitedNanosUntil(long endedNanos) {
        return (headNanos == NONE ? endedNanos : headNanos) - startedNanos;
    }

    /** What came before the limits: reading the request, its route and its credential. None when it did not come so far. */
    OptionalLong authNanos() {
        return admittedNanos == NONE ? OptionalLong.empty() : OptionalLong.of(admittedNanos - startedNanos);
    }

    /** How long the limits took; none when they were not asked. */
    OptionalLong limitNanos() {
        return limitedNanos == NONE ? OptionalLong.empty() : OptionalLong.of(limitedNanos - admittedNanos);
    }

    long nanosUntil(long endedNanos) {
        return endedNanos - startedNanos;
    }

    /** How long an upstream was waited for; {@link Request#NOT_ASKED} when none was asked. */
    long upstreamNanosUntil(long endedNanos) {
        if (askedNanos == NONE) {
            return Request.NOT_ASKED;
        }
        return (answeredNanos == NONE ? endedNanos : answeredNanos) - askedNanos;
    }
}
