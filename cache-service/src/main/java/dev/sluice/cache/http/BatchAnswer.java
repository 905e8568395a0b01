package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.namespace.NamespaceWrites.Reach;
import dev.sluice.cache.namespace.NamespaceWrites.Written;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The results of a batch, each as the request for it alone would have been answered. */
final class BatchAnswer {

    /** What one answer may hold: many values of the greatest size would take all memory. */
    private static final long MAX_BYTES = 8L << 20;

    private static final int MISS_STATUS = CacheFailures.CACHE_MISS.status();

    /** Made once: a batch may have a thousand. */
    private static final Problem MISS = told(CacheFailures.miss());

    private final Instant now;
    private final AtomicLong bytes = new AtomicLong();

    BatchAnswer(Instant now) {
        this.now = now;
    }

    /** One result. */
    @SuppressWarnings("ArrayRecordComponent") // Written once, compared never.
    record Item(
            String key,
            int status,
            @Nullable String etag,
            @Nullable String contentType,
            @Nullable Long age,
            @Nullable String cacheStatus,
            byte @Nullable [] value,
            @Nullable String warning,
            @Nullable Problem problem) {}

    /** Why there is no other result. */
    record Problem(String code, String detail, @Nullable String field) {}

    List<Item> ofReads(List<String> keys, List<ReadResult> results) {
        List<Item> items = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            items.add(ofRead(keys.get(i), results.get(i)));
        }
        return items;
    }

    Item ofRead(String key, ReadResult result) {
        return result.entry().map(entry -> ofEntry(key, entry, result)).orElseGet(() -> ofNothing(key, result));
    }

    static Item ofPut(String key, Written written) {
        PutResult result = written.result();
        HttpStatus status = result.created() ? HttpStatus.CREATED : HttpStatus.NO_CONTENT;
        String etag = EntityTags.of(result.entry().version());
        String warning = written.reach() == Reach.THIS_NODE ? CacheAnswers.KEPT_HERE : null;
        return new Item(key, status.value(), etag, null, null, null, null, warning, null);
    }

    static Item ofDelete(String key, DeleteResult result) {
        return result.existed()
                ? new Item(key, HttpStatus.NO_CONTENT.value(), null, null, null, null, null, null, null)
                : ofFailure(key, CacheFailures.miss());
    }

    static Item ofFailure(String key, Throwable failure) {
        if (CacheFailures.ofRead(CacheFailures.ofWrite(failure)) instanceof ProblemException problem) {
            return ofProblem(key, problem, null);
        }
        return ofProblem(key, new ProblemException(ProblemType.INTERNAL, "Send the item again."), null);
    }

    private Item ofEntry(String key, CacheEntry entry, ReadResult result) {
        if (bytes.addAndGet(entry.value().size()) > MAX_BYTES) {
            return ofProblem(
                    key,
                    new ProblemException(
                            ProblemType.TOO_LARGE, "The answer would be too large; read this one by itself."),
                    CacheAnswers.statusOf(result));
        }
        return new Item(
                key,
                HttpStatus.OK.value(),
                EntityTags.of(entry.version()),
                entry.value().contentType(),
                Math.max(0, Duration.between(entry.storedAt(), now).toSeconds()),
                CacheAnswers.statusOf(result),
                entry.value().bytes(),
                null,
                null);
    }

    private static Item ofNothing(String key, ReadResult result) {
        return switch (result.outcome()) {
            case MISS, NEGATIVE, L1_HIT, L2_HIT, STALE ->
                new Item(key, MISS_STATUS, null, null, null, CacheAnswers.statusOf(result.outcome()), null, null, MISS);
            case ERROR -> ofProblem(key, CacheFailures.unreadable(), CacheAnswers.statusOf(result.outcome()));
        };
    }

    private static Item ofProblem(String key, ProblemException problem, @Nullable String cacheStatus) {
        return new Item(
                key,
                problem.type().status(),
                problem.headers().get("ETag"),
                null,
                null,
                cacheStatus,
                null,
                null,
                told(problem));
    }

    private static Problem told(ProblemException problem) {
        return new Problem(problem.type().code(), problem.detail(), problem.field());
    }
}
