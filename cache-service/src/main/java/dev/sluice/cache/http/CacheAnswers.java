package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.Lease;
import dev.sluice.cache.engine.LeasedRead;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** The answers to reads, with what caches on the way need to know (RFC 9111, and RFC 9211 for Cache-Status). Pure. */
final class CacheAnswers {

    /** A warning of what is stored on one node alone (RFC 7234, section 5.5, of which RFC 9111 has kept the field for whoever wants it). */
    static final String KEPT_HERE = "199 sluice \"kept by one node alone until Redis is back, then gone\"";

    private static final String CACHE_STATUS = "Cache-Status";

    private CacheAnswers() {}

    /** As {@link #ofRead}, with what became of the wish to make the value. */
    static ResponseEntity<byte[]> ofLeasedRead(LeasedRead read, RequestHeaders headers, Instant now) {
        Optional<String> lease = read.lease().flatMap(CacheAnswers::leaseOf);
        if (lease.isEmpty()) {
            return ofRead(read.result(), headers, now);
        }
        try {
            ResponseEntity<byte[]> answer = ofRead(read.result(), headers, now);
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(answer.getHeaders())
                    .header(RequestHeaders.LEASE, lease.get())
                    .body(answer.getBody());
        } catch (ProblemException problem) {
            throw problem.withHeader(RequestHeaders.LEASE, lease.get());
        }
    }

    /** A string for one that is given, a token with the time to wait for one that another has (RFC 9651). */
    private static Optional<String> leaseOf(Lease lease) {
        return switch (lease) {
            case Lease.Granted granted -> Optional.of("\"" + granted.token() + "\"");
            case Lease.Held held -> Optional.of("held;ms=" + held.remaining().toMillis());
            case Lease.Changed ignored -> Optional.empty();
        };
    }

    static ResponseEntity<byte[]> ofRead(ReadResult result, RequestHeaders headers, Instant now) {
        return switch (result.outcome()) {
            case L1_HIT, L2_HIT, STALE -> ofEntry(result.entry().orElseThrow(), statusOf(result), headers, now);
            case MISS -> ofEntry(result.entry().orElseThrow(() -> missed(result)), statusOf(result), headers, now);
            case NEGATIVE -> throw missed(result);
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
        Duration age = Duration.between(entry.storedAt(), now);
        headers.set(HttpHeaders.AGE, Long.toString(Math.max(0, age.toSeconds())));
        headers.set(HttpHeaders.CACHE_CONTROL, StorageDirectives.remaining(entry.lifetime(), age));
        headers.set(CACHE_STATUS, cacheStatus);
        if (!entry.value().tags().isEmpty()) {
            headers.set(CacheGroups.HEADER, CacheGroups.of(entry.value().tags()));
        }
        if (request.hasAlready(entry.version())) {
            return new ResponseEntity<>(headers, HttpStatus.NOT_MODIFIED);
        }
        if (!request.takes(entry.value().contentType())) {
            throw CacheFailures.notAcceptable();
        }
        headers.set(HttpHeaders.CONTENT_TYPE, entry.value().contentType());
        return new ResponseEntity<>(entry.value().bytes(), headers, HttpStatus.OK);
    }

    private static ProblemException missed(ReadResult result) {
        return CacheFailures.miss().withHeader(CACHE_STATUS, statusOf(result.outcome()));
    }

    /** A miss with an entry was made by the origin for this read. */
    static String statusOf(ReadResult result) {
        return result.outcome() == ReadOutcome.MISS && result.entry().isPresent()
                ? "sluice; fwd=miss; detail=origin"
                : statusOf(result.outcome());
    }

    static String statusOf(ReadOutcome outcome) {
        return switch (outcome) {
            case L1_HIT -> "sluice; hit; detail=l1";
            case L2_HIT -> "sluice; hit; detail=l2";
            case STALE -> "sluice; hit; detail=stale";
            case NEGATIVE -> "sluice; hit; detail=negative";
            case MISS -> "sluice; fwd=miss";
            case ERROR -> "sluice; fwd=miss; detail=error";
        };
    }
}
