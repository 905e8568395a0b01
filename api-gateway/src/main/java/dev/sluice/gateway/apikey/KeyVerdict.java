package dev.sluice.gateway.apikey;

import java.util.Set;

/** What the table says of a presented key. */
public sealed interface KeyVerdict {

    /**
     * The key may be used.
     *
     * @param id key id
     * @param tenant id of the tenant that it belongs to
     */
    record Accepted(String id, String tenant, Set<String> scopes) implements KeyVerdict {}

    /** The key is unknown, revoked or expired; which of them is nobody's business. */
    record Refused() implements KeyVerdict {}

    /** The keys are still being read from the log, so nothing can be said. */
    record Loading() implements KeyVerdict {}
}
