package dev.sluice.platform.web;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** {@code If-Match} and {@code If-None-Match} of a write (RFC 9110, sections 13.1.1 and 13.1.2). Pure. */
public final class Preconditions {

    private static final String ANY = "*";

    private Preconditions() {}

    /** Refuses a write that was meant for another state. */
    public static void check(HttpHeaders headers, Optional<String> entityTag) {
        List<String> wanted = tags(headers, HttpHeaders.IF_MATCH);
        if (!wanted.isEmpty() && !fits(wanted, entityTag)) {
            throw failed(HttpHeaders.IF_MATCH, "It is not at this version; read it again, then repeat with its ETag.");
        }
        List<String> unwanted = tags(headers, HttpHeaders.IF_NONE_MATCH);
        if (!unwanted.isEmpty() && fits(unwanted, entityTag)) {
            throw failed(HttpHeaders.IF_NONE_MATCH, "It is there already; choose another, or send If-Match.");
        }
    }

    private static boolean fits(List<String> tags, Optional<String> entityTag) {
        return entityTag.isPresent() && (tags.contains(ANY) || tags.contains(entityTag.get()));
    }

    private static List<String> tags(HttpHeaders headers, String name) {
        return headers.getOrEmpty(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private static ProblemException failed(String header, String detail) {
        return ProblemException.ofField(ProblemType.PRECONDITION_FAILED, header, detail);
    }
}
