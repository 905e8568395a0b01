package dev.sluice.metrics.query;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one stream is getting on: when it has to end, and when it has to say that it is there. Nothing is made for a client that does not
 * take what it has: the windows wait in their stores, and the stream holds one turn at most. Not thread-safe.
 */
final class LiveSession {

    /** Why a stream ends; the names in lower case are part of the API. */
    enum End {
        RENEW,
        SLOW_READER,
        SHUTDOWN
    }

    private final LiveProperties terms;
    private final Instant until;
    private Instant saidAt;
    private @Nullable Instant stalledSince;
    private LivePlace place;
    private boolean over;

    LiveSession(LiveProperties terms, LivePlace place, Instant now) {
        this.terms = terms;
        this.until = now.plus(terms.longest());
        this.saidAt = now;
        this.place = place;
    }

    LivePlace place() {
        return place;
    }

    boolean isOver() {
        return over;
    }

    /**
     * Whether the stream ends now, and why.
     *
     * @param takes whether the client takes what it was sent
     * @param serving whether this instance goes on
     */
    Optional<End> end(Instant now, boolean takes, boolean serving) {
        if (takes) {
            stalledSince = null;
        } else if (stalledSince == null) {
            stalledSince = now;
        }
        End end = null;
        if (!serving) {
            end = End.SHUTDOWN;
        } else if (stalledSince != null && isLonger(stalledSince, now, terms.slowReader())) {
            end = End.SLOW_READER;
        } else if (!now.isBefore(until)) {
            end = End.RENEW;
        }
        over = end != null;
        return Optional.ofNullable(end);
    }

    /** Whether anything may be made for the client now. */
    boolean isTaking() {
        return stalledSince == null;
    }

    boolean isSilent(Instant now) {
        return isLonger(saidAt, now, terms.heartbeat());
    }

    void said(Instant now) {
        saidAt = now;
    }

    void moveTo(Instant next) {
        place = place.at(next);
    }

    private static boolean isLonger(Instant since, Instant now, Duration than) {
        return Duration.between(since, now).compareTo(than) >= 0;
    }
}
