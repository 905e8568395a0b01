package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.responsecache.Library.Found;
import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.platform.web.caching.Directives;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides which answers are worth a place, and gives it to them. Thread-safe. */
final class AnswerShelf {

    /** For how long what is stale is kept to be validated, or for callers who accept it. */
    private static final Duration STALE_KEPT = Duration.ofMinutes(10);

    private final Library library;
    private final InstantSource clock;
    private final CopyBudget copies;

    AnswerShelf(Library library, InstantSource clock, CopyBudget copies) {
        this.library = library;
        this.clock = clock;
        this.copies = copies;
    }

    /** Whether an answer to a request is to be kept once all of it is there. */
    boolean wants(Visit visit, int status, Fields fields, long askedMillis) {
        CachePolicy policy = visit.policy();
        if (visit.wish().unstored() || !Storability.allows(status, fields, visit.asker(), policy)) {
            return false;
        }
        long now = clock.millis();
        Freshness freshness = Freshness.of(status, fields, askedMillis, now, policy);
        Directives directives = AnswerDirectives.of(fields).directives();
        // RFC 9111, section 3.
        boolean known = freshness.explicit()
                || directives.has("public")
                || directives.has("private")
                || Freshness.HEURISTIC.contains(status);
        boolean useful = freshness.left(now, now) > 0
                || fields.has("ETag")
                || fields.has("Last-Modified")
                || freshness.whileRevalidating() > 0
                || freshness.ifError() > 0;
        return known && useful;
    }

    /**
     * Copies a body that is to be kept, as long as it is no longer than the route says and there is room.
     *
     * @param announced the length that the head tells, if it does
     * @param whole told at most once, with all of the body
     * @param broken told at most once, in place of the other
     */
    BodyCopy copy(Visit visit, OptionalLong announced, Consumer<byte[]> whole, Consumer<Landing> broken) {
        return new BodyCopy(copies, visit.policy().maxBodyBytes(), announced, whole, broken);
    }

    /** Keeps an answer that came just now; answers how a flight that waited for it lands. */
    Landing keep(Visit visit, int status, Fields fields, long askedMillis, byte[] body, @Nullable Found before) {
        long now = clock.millis();
        Fields kept = dated(Storability.kept(fields, visit.policy()), now);
        return put(visit, new StoredAnswer(visit.terms(), status, kept, askedMillis, now, Slice.of(body)), before);
    }

    /** Keeps what was found to be unchanged. */
    StoredAnswer refresh(Visit visit, StoredAnswer stored, Fields newer, long askedMillis, @Nullable Found before) {
        Fields update = Storability.kept(newer, visit.policy())
                // What describes the body stays with the body.
                .only(name -> !name.equals("content-encoding") && !name.equals("content-range"));
        long now = clock.millis();
        StoredAnswer freshened = stored.freshened(dated(update, now), askedMillis, now);
        Landing ignored = put(visit, freshened, before);
        return freshened;
    }

    private Landing put(Visit visit, StoredAnswer answer, @Nullable Found before) {
        Freshness freshness = answer.freshness(visit.policy());
        long now = clock.millis();
        long left = Math.max(0, freshness.left(answer.responseMillis(), now));
        long stale = Math.max(STALE_KEPT.toMillis(), Math.max(freshness.whileRevalidating(), freshness.ifError()));
        library.store(visit.key(), answer, before, visit::selecting, Duration.ofMillis(left + stale));
        visit.meters().stored();
        return left > 0 && !freshness.alwaysValidate() ? Landing.STORED : Landing.NOT_SHARED;
    }

    /** RFC 9110, section 6.6.1. */
    private static Fields dated(Fields fields, long now) {
        return fields.has("Date") ? fields : fields.with("Date", HttpDates.write(now));
    }
}
