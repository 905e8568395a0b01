package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Tells the content modes of CloudEvents over HTTP apart (HTTP binding 1.0.2, section 3). Pure. */
final class EventMediaTypes {

    private static final String EVENT = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String EVENT_FAMILY = "application/cloudevents";
    private static final String REMEDY =
            "Send one event as application/cloudevents+json or application/json (structured mode), its attributes in "
                    + "ce- headers and its data as body (binary mode), or an array of events as "
                    + "application/cloudevents-batch+json or application/json; JSON in UTF-8.";

    private EventMediaTypes() {}

    /** @throws ProblemException unless the headers announce one of the modes */
    static ContentMode modeOf(HttpHeaders headers) {
        List<String> sent = headers.getOrEmpty(HttpHeaders.CONTENT_TYPE);
        if (sent.size() > 1) {
            throw refused(REMEDY);
        }
        String essence = sent.isEmpty() ? "" : MediaTypes.essence(sent.getFirst());
        // The binding asks for the family first: a structured event may repeat its attributes in headers.
        if (!essence.startsWith(EVENT_FAMILY) && BinaryEvent.isAnnouncedBy(headers)) {
            return ContentMode.BINARY;
        }
        boolean taken = essence.equals(EVENT) || essence.equals(BATCH) || essence.equals(MediaTypes.JSON);
        if (!taken || !isUtf8(sent.getFirst())) {
            throw refused(REMEDY);
        }
        return switch (essence) {
            case BATCH -> ContentMode.BATCH;
            case EVENT -> ContentMode.STRUCTURED;
            default -> ContentMode.JSON;
        };
    }

    private static boolean isUtf8(String contentType) {
        Map<String, String> parameters;
        try {
            parameters = MediaType.parseMediaType(contentType.toLowerCase(Locale.ROOT))
                    .getParameters();
        } catch (InvalidMediaTypeException e) {
            return false;
        }
        return parameters.entrySet().stream()
                .allMatch(parameter -> parameter.getKey().equals("charset")
                        && parameter.getValue().replace("\"", "").equals("utf-8"));
    }

    private static ProblemException refused(String detail) {
        return ProblemException.ofField(ProblemType.UNSUPPORTED_MEDIA_TYPE, HttpHeaders.CONTENT_TYPE, detail)
                .withHeader("Accept-Post", EVENT + ", " + BATCH + ", " + MediaTypes.JSON);
    }
}
