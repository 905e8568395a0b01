package dev.sluice.cache.http;

import dev.sluice.cache.coherence.UnannouncedWriteException;
import dev.sluice.cache.engine.ConditionFailedException;
import dev.sluice.cache.engine.QuotaExceededException;
import dev.sluice.cache.engine.SecondLevelUnavailableException;
import dev.sluice.cache.engine.TooManyPurgesException;
import dev.sluice.cache.origin.OriginException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import org.springframework.http.HttpHeaders;

/** Turns what kept a request from its answer into what the client is told. Pure. */
final class CacheFailures {

    static final ProblemType CACHE_MISS = ProblemType.ours("cache_miss", 404, "The cache has no value for the key");

    private static final String RETRY_AFTER_SECONDS = "1";

    private CacheFailures() {}

    static ProblemException miss() {
        return new ProblemException(CACHE_MISS, "Fetch the value from its origin and PUT it here.");
    }

    static ProblemException unreadable() {
        return unavailable("The cache cannot tell now whether it has a value; fetch it from its origin, or try again.");
    }

    static ProblemException notAcceptable() {
        return ProblemException.ofField(
                ProblemType.NOT_ACCEPTABLE,
                HttpHeaders.ACCEPT,
                "Ask for the media type that the value was stored with, or leave the header out.");
    }

    static ProblemException changed(long version) {
        return changed().withHeader(HttpHeaders.ETAG, EntityTags.of(version));
    }

    /** What a failed write tells its client; what is not of the cache stays as it is. */
    static Throwable ofWrite(Throwable failure) {
        return switch (failure) {
            case ConditionFailedException condition ->
                condition.currentVersion().isPresent()
                        ? changed(condition.currentVersion().getAsLong())
                        : changed();
            case SecondLevelUnavailableException away
            when away.mayHaveHappened() ->
                unavailable("The shared cache did not confirm the change; it may or may not be made. Send it again.");
            case SecondLevelUnavailableException ignored ->
                unavailable("The shared cache is away; nothing is changed. Send it again.");
            case UnannouncedWriteException unannounced ->
                unavailable("The change is made, but the log did not confirm that other nodes will hear of it; until "
                                + "it does they may answer with what was before. Send it again to be sure.")
                        .withExtension("etag", EntityTags.of(unannounced.version()));
            case QuotaExceededException full -> quotaExceeded(full);
            case TooManyPurgesException ignored ->
                unavailable(
                        "The shared cache is away, and too much was kept by single nodes already; nothing is changed. "
                                + "Send it again when it is back.");
            default -> failure;
        };
    }

    private static ProblemException quotaExceeded(QuotaExceededException full) {
        String what = switch (full.bound()) {
            case NAMESPACE_ENTRIES, TENANT_ENTRIES -> " entries";
            case NAMESPACE_BYTES, TENANT_BYTES -> " bytes";
        };
        String remedy = switch (full.bound()) {
            case NAMESPACE_ENTRIES, NAMESPACE_BYTES -> "lay down a greater quota for the namespace.";
            case TENANT_ENTRIES, TENANT_BYTES -> "ask for a greater plan.";
        };
        return new ProblemException(
                        ProblemType.QUOTA_EXCEEDED,
                        "There is no room for it under " + full.bound().text() + ": " + full.used() + " of "
                                + full.limit() + what + " are used. Delete or purge what is not needed, give values a "
                                + "shorter life, or " + remedy)
                .withHeader(HttpHeaders.RETRY_AFTER, "60")
                .withExtension("quota", full.bound().text())
                .withExtension("used", full.used())
                .withExtension("limit", full.limit());
    }

    /** What a failed read tells its client. */
    static Throwable ofRead(Throwable failure) {
        return failure instanceof OriginException origin ? ofOrigin(origin) : failure;
    }

    private static ProblemException ofOrigin(OriginException failure) {
        ProblemException problem = switch (failure.kind()) {
            case TOO_SLOW -> new ProblemException(ProblemType.GATEWAY_TIMEOUT, remedied(failure));
            case NO_VALUE -> new ProblemException(ProblemType.BAD_GATEWAY, remedied(failure));
        };
        return failure.status().isPresent()
                ? problem.withExtension("originStatus", failure.status().getAsInt())
                : problem;
    }

    private static String remedied(OriginException failure) {
        return failure.getMessage() + " Mend the origin of the namespace, or PUT the value.";
    }

    /** As {@link #ofWrite}, of a purge. */
    static Throwable ofPurge(Throwable failure) {
        return switch (failure) {
            case TooManyPurgesException ignored ->
                new ProblemException(
                                ProblemType.QUOTA_EXCEEDED,
                                "Too many purges are not carried out yet. Wait, or purge the whole namespace in place of "
                                        + "many tags, prefixes or patterns.")
                        .withHeader(HttpHeaders.RETRY_AFTER, "60");
            case UnannouncedWriteException ignored ->
                unavailable("The purge is made, but the log did not confirm that other nodes will hear of it; until it "
                        + "does they may answer with copies of what was before. Send it again to be sure.");
            default -> ofWrite(failure);
        };
    }

    /** As {@link #ofWrite}, of the question what is used. */
    static Throwable ofUsage(Throwable failure) {
        return failure instanceof SecondLevelUnavailableException
                ? unavailable("The shared cache is away, and it alone knows what is used. Ask again.")
                : failure;
    }

    static ProblemException leaseEnded() {
        return new ProblemException(
                ProblemType.NOT_FOUND,
                "There is no such lease: it has ended, was used or is void. Nothing is to be done.");
    }

    private static ProblemException changed() {
        return new ProblemException(
                ProblemType.PRECONDITION_FAILED,
                "The entry is not in the state that the condition asks for; read it and decide again.");
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail)
                .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}
