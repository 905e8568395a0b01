package dev.sluice.platform.web;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * A refusal on its way to the client. Immutable; the {@code with…} methods return copies. Carries no stack trace: it is
 * an answer, not a fault.
 */
public final class ProblemException extends RuntimeException {

    private final transient ProblemType type;
    private final String detail;
    private final @Nullable String field;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;
    private final transient Map<String, Object> extensions;

    /** {@code detail} says what is wrong and what to do; it never repeats what was sent. */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, null, List.of(), Map.of(), Map.of());
    }

    private ProblemException(
            ProblemType type,
            String detail,
            @Nullable String field,
            List<FieldError> errors,
            Map<String, String> headers,
            Map<String, Object> extensions) {
        super(type.code() + ": " + SecretMask.mask(detail), null, false, false);
        this.type = type;
        this.detail = SecretMask.mask(detail);
        this.field = field == null ? null : SecretMask.mask(field);
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
        this.extensions = Map.copyOf(extensions);
    }

    /** A refusal for what is wrong with one field. */
    public static ProblemException ofField(ProblemType type, String field, String detail) {
        return new ProblemException(type, detail).withField(field);
    }

    /** A refusal for what is wrong with several fields; the first one gives type and detail. */
    public static ProblemException ofFields(ProblemType type, List<FieldError> errors) {
        FieldError first = errors.getFirst();
        return new ProblemException(type, first.detail(), first.field(), errors, Map.of(), Map.of());
    }

    /** The refusal of a method that is none of those which the path takes. */
    public static ProblemException methodNotAllowed(Collection<HttpMethod> allowed) {
        String methods = allowed.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "Use one of: " + methods + ".")
                .withField("method")
                .withHeader("Allow", methods);
    }

    public ProblemException withField(String name) {
        return new ProblemException(type, detail, name, errors, headers, extensions);
    }

    /** Adds a response header, such as Retry-After. */
    public ProblemException withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ProblemException(type, detail, field, errors, more, extensions);
    }

    /** Adds a member to the problem document, such as violated-policies. */
    public ProblemException withExtension(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(name, value);
        return new ProblemException(type, detail, field, errors, headers, more);
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return detail;
    }

    public @Nullable String field() {
        return field;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public Map<String, Object> extensions() {
        return extensions;
    }
}
