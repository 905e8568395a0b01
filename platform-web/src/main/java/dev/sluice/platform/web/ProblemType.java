package dev.sluice.platform.web;

/**
 * A kind of refusal: a stable code, its HTTP status and a title for people. The only place where an error gets its
 * status.
 *
 * @param uri the problem's {@code type} (RFC 9457)
 */
public record ProblemType(String code, int status, String title, String uri) {

    private static final String OURS = "https://sluice.dev/problems/";
    private static final String IANA = "https://iana.org/assignments/http-problem-types#";

    public static final ProblemType INVALID_REQUEST = ours("invalid_request", 400, "The request is not valid");
    public static final ProblemType INVALID_PATH = ours("invalid_path", 400, "The path is not valid");
    public static final ProblemType INVALID_PARAMETER =
            ours("invalid_parameter", 400, "A query parameter is not valid");
    public static final ProblemType INVALID_HEADER = ours("invalid_header", 400, "A header is not valid");
    public static final ProblemType INVALID_JSON = ours("invalid_json", 400, "The body is not valid JSON");
    public static final ProblemType DUPLICATE_FIELD = ours("duplicate_field", 400, "A field stands twice");
    public static final ProblemType UNKNOWN_FIELD = ours("unknown_field", 400, "A field is not known");
    public static final ProblemType MISSING_FIELD = ours("missing_field", 400, "A field is missing");
    public static final ProblemType INVALID_FIELD = ours("invalid_field", 400, "A field is not valid");
    public static final ProblemType WRONG_TYPE = ours("wrong_type", 400, "A field has the wrong type");
    public static final ProblemType NUMBER_OUT_OF_RANGE = ours("number_out_of_range", 400, "A number is out of range");
    public static final ProblemType TOO_DEEP = ours("too_deep", 400, "The body is nested too deeply");
    public static final ProblemType UNAUTHENTICATED = ours("unauthenticated", 401, "A valid API key is needed");
    public static final ProblemType UNTRUSTED_CALLER =
            ours("untrusted_caller", 401, "Only the gateway may call this service");
    public static final ProblemType FORBIDDEN = ours("forbidden", 403, "The API key may not do this");
    public static final ProblemType NOT_FOUND = ours("not_found", 404, "There is no such resource");
    public static final ProblemType METHOD_NOT_ALLOWED =
            ours("method_not_allowed", 405, "The resource does not take this method");
    public static final ProblemType NOT_ACCEPTABLE =
            ours("not_acceptable", 406, "The answer cannot be had in this form");
    public static final ProblemType REQUEST_TIMEOUT = ours("request_timeout", 408, "The request came too slowly");
    public static final ProblemType CONFLICT = ours("conflict", 409, "The resource does not allow this now");
    public static final ProblemType PRECONDITION_FAILED = ours("precondition_failed", 412, "The resource has changed");
    public static final ProblemType TOO_LARGE = ours("too_large", 413, "The body is too large");
    public static final ProblemType URI_TOO_LONG = ours("uri_too_long", 414, "The request line is too long");
    public static final ProblemType UNSUPPORTED_MEDIA_TYPE =
            ours("unsupported_media_type", 415, "The body cannot be taken in this form");
    public static final ProblemType EXPECTATION_FAILED = ours("expectation_failed", 417, "The expectation is not met");
    public static final ProblemType UNPROCESSABLE = ours("unprocessable", 422, "The content cannot be accepted");
    public static final ProblemType HEADERS_TOO_LARGE = ours("headers_too_large", 431, "The headers are too large");
    public static final ProblemType QUOTA_EXCEEDED =
            new ProblemType("quota_exceeded", 429, "Quota exceeded", IANA + "quota-exceeded");
    public static final ProblemType INTERNAL = ours("internal", 500, "Something went wrong on our side");
    public static final ProblemType BAD_GATEWAY = ours("bad_gateway", 502, "A service gave no valid answer");
    public static final ProblemType UNAVAILABLE = ours("unavailable", 503, "This cannot be done just now");
    public static final ProblemType REDUCED_CAPACITY = new ProblemType(
            "temporary_reduced_capacity", 503, "Temporarily reduced capacity", IANA + "temporary-reduced-capacity");
    public static final ProblemType GATEWAY_TIMEOUT = ours("gateway_timeout", 504, "A service did not answer in time");
    public static final ProblemType VERSION_NOT_SUPPORTED =
            ours("http_version_not_supported", 505, "The HTTP version is not supported");

    /** A problem of the platform's own; {@code code} in snake_case is part of the API. */
    public static ProblemType ours(String code, int status, String title) {
        return new ProblemType(code, status, title, OURS + code);
    }

    /** The general type for a status that came from elsewhere. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 409 -> CONFLICT;
            case 412 -> PRECONDITION_FAILED;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 417 -> EXPECTATION_FAILED;
            case 422 -> UNPROCESSABLE;
            case 503 -> UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL;
        };
    }
}
