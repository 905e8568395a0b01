package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Which content modes of CloudEvents over HTTP are taken. Pure. */
final class EventMediaTypes {

    private static final Set<String> TAKEN = Set.of("application/cloudevents+json", MediaTypes.JSON);
    private static final String REMEDY =
            "Send one event as application/cloudevents+json or application/json (structured mode), in UTF-8.";

    private EventMediaTypes() {}

    /** @throws ProblemException unless the headers announce one event in structured JSON */
    static void requireStructured(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(HttpHeaders.CONTENT_TYPE);
        if (sent.size() != 1) {
            throw refused(REMEDY);
        }
        MediaType type = parse(sent.getFirst());
        String essence = type.getType() + "/" + type.getSubtype();
        if (essence.startsWith("application/cloudevents-batch")) {
            throw refused("Batches are not taken here. " + REMEDY);
        }
        if (hasBinaryAttributes(headers)) {
            throw refused("Binary mode (ce- headers) is not taken here. " + REMEDY);
        }
        if (!TAKEN.contains(essence) || !isUtf8(type.getParameters())) {
            throw refused(REMEDY);
        }
    }

    private static MediaType parse(String text) {
        try {
            return MediaType.parseMediaType(text.toLowerCase(Locale.ROOT));
        } catch (InvalidMediaTypeException e) {
            throw refused(REMEDY);
        }
    }

    private static boolean hasBinaryAttributes(HttpHeaders headers) {
        return headers.headerNames().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("ce-"));
    }

    private static boolean isUtf8(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .allMatch(parameter -> parameter.getKey().equals("charset")
                        && parameter.getValue().replace("\"", "").equals("utf-8"));
    }

    private static ProblemException refused(String detail) {
        return ProblemException.ofField(ProblemType.UNSUPPORTED_MEDIA_TYPE, HttpHeaders.CONTENT_TYPE, detail)
                .withHeader("Accept-Post", "application/cloudevents+json, application/json");
    }
}
