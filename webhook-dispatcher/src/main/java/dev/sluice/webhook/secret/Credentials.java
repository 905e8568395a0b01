package dev.sluice.webhook.secret;

import dev.sluice.webhook.signing.SigningKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an endpoint's requests are signed with and what is added to them, in clear. Says nothing of itself in logs. */
public final class Credentials {

    /** A key, and when it signs no more; null for never. */
    record Term(SigningKey key, @Nullable Instant until) {}

    private final List<Term> keys;
    private final Map<String, String> headers;

    Credentials(List<Term> keys, Map<String, String> headers) {
        this.keys = List.copyOf(keys);
        this.headers = Map.copyOf(headers);
    }

    /** The keys that sign at this moment, the current one first. */
    public List<SigningKey> keys(Instant now) {
        return keys.stream()
                .filter(term -> term.until() == null || term.until().isAfter(now))
                .map(Term::key)
                .toList();
    }

    /** The headers that are added to each request. */
    public Map<String, String> headers() {
        return headers;
    }
}
