package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07): a string in double quotes (RFC 9651), or the
 * same without quotes, as most clients send it. Pure.
 */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 128;
    private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])*)\"");
    private static final Pattern BARE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    private IdempotencyKey() {}

    /** Null when there is none. */
    static @Nullable String of(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(HEADER);
        if (sent.isEmpty()) {
            return null;
        }
        String key = sent.size() == 1 ? textOf(sent.getFirst()) : "";
        if (key.isEmpty() || key.length() > MAX_LENGTH) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER,
                    HEADER,
                    "Send one key of 1 to " + MAX_LENGTH + " ASCII characters, such as a UUID, in double quotes.");
        }
        return key;
    }

    private static String textOf(String value) {
        var quoted = QUOTED.matcher(value);
        if (quoted.matches()) {
            return ESCAPE.matcher(quoted.group(1)).replaceAll("$1");
        }
        return BARE.matcher(value).matches() ? value : "";
    }
}
