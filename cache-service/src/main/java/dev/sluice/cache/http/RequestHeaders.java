package dev.sluice.cache.http;

import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What the headers of a request ask for; refuses what is not well-formed or cannot be done. Pure. */
final class RequestHeaders {

    /** Asks for a lease, gives one and uses it. */
    static final String LEASE = "Cache-Lease";

    /** Says of a PUT that there is nothing to put. */
    static final String ABSENT = "Cache-Absent";

    /** Names the version that the asker of a read knows of. */
    static final String MIN_VERSION = "Cache-Min-Version";

    /** A boolean of RFC 9651. */
    private static final String TRUE = "?1";

    private static final Pattern VERSION = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    /** No version is higher: 53 bits are what the scripts in Redis count exactly. */
    private static final long MAX_VERSION = 1L << 53;

    private static final Set<String> AFTER_ERROR = Set.of("max-stale", "stale-if-error");
    private static final int MAX_CONTENT_TYPE_LENGTH = 255;
    private static final String TOKEN = "[!#$%&'+.^_`|~A-Za-z0-9-]++";
    private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "(?:[ \\t]*+;[ \\t]*+" + TOKEN
            + "=(?:" + TOKEN + "|\"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*+\"))*+");

    private static final List<String> ANYTHING = List.of(MediaType.ALL_VALUE);

    /** A version that no entry has: versions are microseconds since 1970. */
    private static final long NOBODYS_VERSION = 1;

    private final HttpHeaders headers;

    RequestHeaders(HttpHeaders headers) {
        this.headers = headers;
    }

    /** How long the value, or that there is none, is to be kept, fresh and stale: {@code Cache-Control}. */
    Lifetime lifetime(NamespaceRules rules) {
        Optional<String> value = single(HttpHeaders.CACHE_CONTROL);
        Duration usual = saysAbsent() ? rules.negativeTtl() : rules.defaultTtl();
        return value.isEmpty()
                ? usualLifetime(rules)
                : StorageDirectives.parse(value.get(), rules, usual)
                        .orElseThrow(() -> invalid(HttpHeaders.CACHE_CONTROL, StorageDirectives.remedy(rules)));
    }

    private Lifetime usualLifetime(NamespaceRules rules) {
        return saysAbsent() ? rules.negativeLifetime() : rules.usualLifetime();
    }

    /** Which stale values the asker takes; directives that ask for something else are not followed, as HTTP allows. */
    StaleReads staleReads() {
        boolean afterError = headers.getOrEmpty(HttpHeaders.CACHE_CONTROL).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(directive -> AFTER_ERROR.contains(directive.strip().toLowerCase(Locale.ROOT)));
        return afterError ? StaleReads.AFTER_ERROR : StaleReads.WHILE_REVALIDATING;
    }

    /** Whether the asker of a read would make the value. */
    boolean wantsLease() {
        Optional<String> value = single(LEASE);
        if (value.isPresent() && !value.get().strip().equals(TRUE)) {
            throw invalid(LEASE, "Send " + TRUE + " to be given a lease, or leave the header out.");
        }
        return value.isPresent();
    }

    /** The lease of a write, as a read has given it. */
    Optional<Long> leaseToken() {
        return single(LEASE).map(value -> {
            Matcher token = VERSION.matcher(value.strip());
            if (!token.matches()) {
                throw invalid(LEASE, "Send the lease of an earlier answer with its quotes.");
            }
            return Long.parseLong(token.group(1));
        });
    }

    /** What is older than this version is no answer to the asker of a read; 0 when anything is. */
    long minVersion() {
        Optional<String> value = single(MIN_VERSION);
        if (value.isEmpty()) {
            return 0;
        }
        Matcher version = VERSION.matcher(value.get().strip());
        if (!version.matches() || Long.parseLong(version.group(1)) > MAX_VERSION) {
            throw invalid(MIN_VERSION, "Send the ETag of an earlier answer of the key with its quotes.");
        }
        return Long.parseLong(version.group(1));
    }

    /** Whether a PUT says that the origin has no value. */
    boolean saysAbsent() {
        Optional<String> value = single(ABSENT);
        if (value.isPresent() && !value.get().strip().equals(TRUE)) {
            throw invalid(ABSENT, "Send " + TRUE + " when the origin has no value, or leave the header out.");
        }
        return value.isPresent();
    }

    /** The tags to keep with the value: {@code Cache-Groups} (RFC 9875). */
    List<String> groups() {
        List<String> values = headers.getOrEmpty(CacheGroups.HEADER);
        return values.isEmpty()
                ? List.of()
                : CacheGroups.parse(String.join(",", values))
                        .orElseThrow(() -> invalid(CacheGroups.HEADER, CacheGroups.REMEDY));
    }

    /** The media type to keep with the value, as it was sent. */
    String contentType() {
        String value = single(HttpHeaders.CONTENT_TYPE).orElse(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        if (value.length() > MAX_CONTENT_TYPE_LENGTH || !isMediaType(value)) {
            throw invalid(
                    HttpHeaders.CONTENT_TYPE,
                    "Send one media type of at most " + MAX_CONTENT_TYPE_LENGTH
                            + " characters, such as application/json, or leave the header out.");
        }
        return value;
    }

    /** On which state of the entry a PUT depends. */
    Condition putCondition() {
        Optional<Long> lease = leaseToken();
        if (lease.isEmpty()) {
            return putConditionOnState();
        }
        if (headers.containsHeader(HttpHeaders.IF_MATCH) || headers.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            throw invalid(LEASE, "Send a lease or a condition, not both: a lease is void after every change.");
        }
        return Condition.lease(lease.get());
    }

    private Condition putConditionOnState() {
        Optional<EntityTags> noneMatch = tags(HttpHeaders.IF_NONE_MATCH);
        if (noneMatch.isEmpty()) {
            return ifMatch();
        }
        if (headers.containsHeader(HttpHeaders.IF_MATCH)) {
            throw invalid(HttpHeaders.IF_NONE_MATCH, "Send If-Match or If-None-Match, not both.");
        }
        if (!noneMatch.get().any()) {
            throw invalid(
                    HttpHeaders.IF_NONE_MATCH, "Send * to store the value only when there is none, or use If-Match.");
        }
        return Condition.absent();
    }

    /** On which state of the entry a DELETE depends. */
    Condition deleteCondition() {
        if (headers.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            throw invalid(HttpHeaders.IF_NONE_MATCH, "Leave the header out; a DELETE takes If-Match only.");
        }
        return ifMatch();
    }

    /** Whether the asker has the entry in that version already. */
    boolean hasAlready(long version) {
        return tags(HttpHeaders.IF_NONE_MATCH)
                .map(tags -> tags.matchWeakly(version))
                .orElse(false);
    }

    /** Whether the asker wants the entry in that version. */
    boolean accepts(long version) {
        return tags(HttpHeaders.IF_MATCH)
                .map(tags -> tags.matchStrongly(version))
                .orElse(true);
    }

    /** Refuses malformed conditions of a read before anything is read. */
    void requireReadConditions() {
        var _ = tags(HttpHeaders.IF_NONE_MATCH);
        var _ = tags(HttpHeaders.IF_MATCH);
    }

    /** Whether the asker takes what is kept as that media type; one who names none takes all. */
    boolean takes(String contentType) {
        List<String> values = headers.getOrEmpty(HttpHeaders.ACCEPT);
        if (values.isEmpty() || values.equals(ANYTHING)) {
            return true;
        }
        try {
            MediaType kept = MediaType.parseMediaType(contentType);
            return headers.getAccept().stream().anyMatch(accepted -> accepted.includes(kept));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private Condition ifMatch() {
        Optional<EntityTags> match = tags(HttpHeaders.IF_MATCH);
        if (match.isEmpty()) {
            return Condition.any();
        }
        if (match.get().any()) {
            return Condition.present();
        }
        if (match.get().tags().size() > 1) {
            throw invalid(HttpHeaders.IF_MATCH, "Send one entity tag, or *.");
        }
        EntityTags.Tag tag = match.get().tags().getFirst();
        return Condition.version(tag.weak() ? NOBODYS_VERSION : tag.version().orElse(NOBODYS_VERSION));
    }

    private Optional<EntityTags> tags(String name) {
        if (!headers.containsHeader(name)) {
            return Optional.empty();
        }
        Optional<EntityTags> tags = EntityTags.parse(String.join(",", headers.getOrEmpty(name)));
        if (tags.isEmpty()) {
            throw invalid(name, "Send the ETag of an earlier answer with its quotes, or *.");
        }
        return tags;
    }

    private Optional<String> single(String name) {
        List<String> values = headers.getOrEmpty(name);
        if (values.size() > 1) {
            throw invalid(name, "Send the header once.");
        }
        return values.stream().findFirst();
    }

    /** The grammar of RFC 9110, section 8.3.1, and what this service's own writer can read back. */
    private static boolean isMediaType(String value) {
        if (!MEDIA_TYPE.matcher(value).matches()) {
            return false;
        }
        try {
            MediaType _ = MediaType.parseMediaType(value);
            return true;
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private static ProblemException invalid(String name, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_HEADER, name, detail);
    }
}
