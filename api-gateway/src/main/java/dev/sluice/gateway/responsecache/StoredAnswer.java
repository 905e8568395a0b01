package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.route.CachePolicy;
import java.util.List;
import java.util.Optional;

/**
 * An answer as it is kept. The bytes are shared, not copied.
 *
 * @param terms of the route by which it was got; under others it is no answer
 * @param requestMillis when it was asked for
 * @param responseMillis when it came, or was last found to be unchanged
 */
record StoredAnswer(String terms, int status, Fields fields, long requestMillis, long responseMillis, Slice body)
        implements StoredRecord {

    Freshness freshness(CachePolicy policy) {
        return Freshness.of(status, fields, requestMillis, responseMillis, policy);
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
        Fields own = fields.only(name -> !name.equals("age"));
        return new StoredAnswer(terms, status, own.updatedBy(newer), askedMillis, answeredMillis, body);
    }
}
