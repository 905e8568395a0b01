package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** The answers to reads, with what caches on the way need to know (RFC 9111, and RFC 9211 for Cache-Status). Pure. */
final class CacheAnswers {

    private static final String CACHE_STATUS = "Cache-Status";

    private CacheAnswers() {}

    static ResponseEntity<byte[]> ofRead(ReadResult result, RequestHeaders headers, Instant now) {
        return switch (result.outcome()) {
            case L1_HIT, L2_HIT, STALE ->
                ofEntry(result.entry().orElseThrow(), statusOf(result.outcome()), headers, now);
            case MISS, NEGATIVE -> throw CacheFailures.miss().withHeader(CACHE_STATUS, statusOf(result.outcome()));
            case ERROR -> throw CacheFailures.unreadable().withHeader(CACHE_STATUS, statusOf(result.outcome()));
        };
    }

    private static ResponseEntity<byte[]> ofEntry(
            CacheEntry entry, String cacheStatus, RequestHeaders request, Instant now) {
        if (!request.accepts(entry.version())) {
            throw CacheFailures.changed(entry.version());
        }
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.ETAG, EntityTags.of(entry.version()));
        headers.set(HttpHeaders.AGE, seconds(entry.storedAt(), now));
        headers.set(HttpHeaders.CACHE_CONTROL, "max-age=" + seconds(now, entry.expiresAt()));
        headers.set(CACHE_STATUS, cacheStatus);
        if (request.hasAlready(entry.version())) {
            return new ResponseEntity<>(headers, HttpStatus.NOT_MODIFIED);
        }
        if (!request.takes(entry.value().contentType())) {
            throw CacheFailures.notAcceptable();
        }
        headers.set(HttpHeaders.CONTENT_TYPE, entry.value().contentType());
        return new ResponseEntity<>(entry.value().bytes(), headers, HttpStatus.OK);
    }

    private static String statusOf(ReadOutcome outcome) {
        return switch (outcome) {
            case L1_HIT -> "sluice; hit; detail=l1";
            case L2_HIT -> "sluice; hit; detail=l2";
            case STALE -> "sluice; hit; detail=stale";
            case NEGATIVE -> "sluice; hit; detail=negative";
            case MISS -> "sluice; fwd=miss";
            case ERROR -> "sluice; fwd=miss; detail=error";
        };
    }

    /** Whole seconds; clocks of other nodes may differ, so never below 0. */
    private static String seconds(Instant from, Instant to) {
        return Long.toString(Math.max(0, Duration.between(from, to).toSeconds()));
    }
}
