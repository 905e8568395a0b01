package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.route.CachePolicy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it is kept. The bytes are shared, not copied. Immutable but for what it remembers of itself, so that it is worked
 * out once and not for each caller; thread-safe.
 */
final class StoredAnswer implements StoredRecord {

    private final String terms;
    private final int status;
    private final Fields fields;
    private final long requestMillis;
    private final long responseMillis;
    private final Slice body;

    // Written by whoever needs it first, or by several, with the same.
    private @Nullable Judged judged;
    private @Nullable Fields shown;
    private @Nullable Boolean ofOne;

    /** Its freshness, as long as the policy is the same. */
    private record Judged(CachePolicy policy, Freshness freshness) {}

    /**
     * @param terms of the route by which it was got; under others it is no answer
     * @param requestMillis when it was asked for
     * @param responseMillis when it came, or was last found to be unchanged
     */
    StoredAnswer(String terms, int status, Fields fields, long requestMillis, long responseMillis, Slice body) {
        this.terms = terms;
        this.status = status;
        this.fields = fields;
        this.requestMillis = requestMillis;
        this.responseMillis = responseMillis;
        this.body = body;
    }

    String terms() {
        return terms;
    }

    int status() {
        return status;
    }

    Fields fields() {
        return fields;
    }

    long requestMillis() {
        return requestMillis;
    }

    long responseMillis() {
        return responseMillis;
    }

    Slice body() {
        return body;
    }

    Freshness freshness(CachePolicy policy) {
        Judged known = judged;
        if (known == null || !known.policy().equals(policy)) {
            known = new Judged(policy, Freshness.of(status, fields, requestMillis, responseMillis, policy));
            judged = known;
        }
        return known.freshness();
    }

    /** Whether it says that it is for the one who asked. */
    boolean isPrivate() {
        Boolean known = ofOne;
        if (known == null) {
            known = AnswerDirectives.of(fields).directives().has("private");
            ofOne = known;
        }
        return known;
    }

    /** What callers are told of the fields: how old it is, this cache says itself. */
    Fields shown() {
        Fields known = shown;
        if (known == null) {
            known = fields.only(name -> !name.equals("age"));
            shown = known;
        }
        return known;
    }

    Optional<String> entityTag() {
        return fields.first("ETag");
    }

    Optional<String> lastModified() {
        return fields.first("Last-Modified");
    }

    boolean hasValidator() {
        return entityTag().isPresent() || lastModified().isPresent();
    }

    /** The groups that it belongs to (RFC 9875, section 2). */
    List<String> groups() {
        return CacheGroups.of(fields.all(CacheGroups.FIELD));
    }

    /** The same, found to be unchanged by an answer with these fields. */
    StoredAnswer freshened(Fields newer, long askedMillis, long answeredMillis) {
        return new StoredAnswer(terms, status, shown().updatedBy(newer), askedMillis, answeredMillis, body);
    }
}
