package dev.sluice.platform.web;

import io.netty.handler.timeout.ReadTimeoutException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ContentTooLargeException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsatisfiedRequestParameterException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Maps every exception to a problem; the only place that does. Messages of foreign exceptions never reach a client. */
final class ProblemMapping {

    private ProblemMapping() {}

    static ProblemException map(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            ProblemException known = mapOne(cause);
            if (known != null) {
                return known;
            }
        }
        return new ProblemException(
                ProblemType.INTERNAL,
                "The request was valid; try again later, and report the requestId if it persists.");
    }

    private static @Nullable ProblemException mapOne(Throwable error) {
        return switch (error) {
            case ProblemException problem -> problem;
            case DataBufferLimitException ignored -> tooLarge();
            case ContentTooLargeException ignored -> tooLarge();
            case ReadTimeoutException ignored -> tooSlow();
            case TimeoutException ignored -> tooSlow();
            case MethodNotAllowedException method -> ProblemException.methodNotAllowed(method.getSupportedMethods());
            case UnsupportedMediaTypeStatusException media -> unsupported(media);
            case NotAcceptableStatusException accept -> notAcceptable(accept);
            case UnsatisfiedRequestParameterException ignored ->
                new ProblemException(
                                ProblemType.NOT_ACCEPTABLE,
                                "The parameter format and the header Accept ask for different forms; leave one of them out.")
                        .withField("Accept");
            case ServerWebInputException ignored ->
                new ProblemException(
                        ProblemType.INVALID_REQUEST, "The body or a parameter is missing or cannot be read.");
            case ErrorResponse response -> ofStatus(response.getStatusCode().value());
            default -> null;
        };
    }

    private static ProblemException tooLarge() {
        return new ProblemException(ProblemType.TOO_LARGE, "Send a smaller body, or split it into several requests.")
                .withHeader("Connection", "close");
    }

    private static ProblemException tooSlow() {
        return new ProblemException(ProblemType.REQUEST_TIMEOUT, "Send the whole request without long pauses.")
                .withHeader("Connection", "close");
    }

    private static ProblemException notAcceptable(NotAcceptableStatusException error) {
        String supported = join(error.getSupportedMediaTypes());
        return new ProblemException(
                        ProblemType.NOT_ACCEPTABLE,
                        supported.isEmpty()
                                ? "Send a list of media types in Accept, or leave it out."
                                : "Ask for one of " + supported + " in Accept, or leave it out.")
                .withField("Accept");
    }

    private static ProblemException unsupported(UnsupportedMediaTypeStatusException error) {
        String supported = join(error.getSupportedMediaTypes());
        return new ProblemException(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        supported.isEmpty()
                                ? "Send the body in a form that this resource takes."
                                : "Send the body as " + supported + ", in UTF-8.")
                .withField("Content-Type");
    }

    private static ProblemException ofStatus(int status) {
        ProblemType type = ProblemType.ofStatus(status);
        String detail = status == 404
                ? "Nothing is answered under this path; see the API description for those that exist."
                : type.title() + ".";
        return new ProblemException(type, detail);
    }

    private static String join(java.util.List<MediaType> types) {
        return types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
    }
}
