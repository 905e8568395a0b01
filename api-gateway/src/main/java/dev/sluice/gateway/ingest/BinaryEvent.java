package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/**
 * Reads an event in the binary mode of the HTTP binding: an attribute a {@code ce-} header, the body its data, the
 * Content-Type the type of the data. An empty body is no data. Pure.
 */
final class BinaryEvent {

    private static final String PREFIX = "ce-";

    private final StrictJson json;

    BinaryEvent(StrictJson json) {
        this.json = json;
    }

    static boolean isAnnouncedBy(HttpHeaders headers) {
        return headers.headerNames().stream().anyMatch(BinaryEvent::isAttribute);
    }

    /** What a fault of an attribute is called towards a producer who sent headers. */
    static String headerOf(String attribute) {
        return switch (attribute) {
            case EventRules.DATA_CONTENT_TYPE -> HttpHeaders.CONTENT_TYPE;
            case EventRules.DATA -> "body";
            default -> PREFIX + attribute;
        };
    }

    RawEvent read(HttpHeaders headers, byte[] body, EventFaults faults) {
        Map<String, String> attributes = readAttributes(headers, faults);
        return new RawEvent(attributes, readData(headers, body, attributes, faults));
    }

    /** An event whose attributes were read before; its data are JSON. */
    RawEvent readData(Map<String, String> attributes, byte[] data, EventFaults faults) {
        requireJson(data, faults);
        return new RawEvent(attributes, ByteBuffer.wrap(data));
    }

    /** Those that are headers of their own. */
    static Map<String, String> readAttributes(HttpHeaders headers, EventFaults faults) {
        Map<String, String> attributes = new HashMap<>();
        for (String header : headers.headerNames()) {
            if (isAttribute(header)) {
                String name = header.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                readAttribute(name, headers.getOrEmpty(header), attributes, faults);
            }
        }
        return attributes;
    }

    private static boolean isAttribute(String header) {
        return header.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    private static void readAttribute(
            String name, List<String> values, Map<String, String> attributes, EventFaults faults) {
        if (name.equals(EventRules.DATA_CONTENT_TYPE) || !EventRules.isAttributeName(name)) {
            faults.addUnknown(
                    PREFIX + name,
                    "Leave the header out, or name an extension attribute with 1 to 20 of a-z and 0-9 after ce-; the "
                            + "body is the data, and Content-Type its type.");
            return;
        }
        if (values.size() > 1) {
            faults.add(
                    ProblemType.DUPLICATE_FIELD, name, "Send every attribute once; which one is meant is not clear.");
            return;
        }
        AttributeHeader.decode(values.getFirst())
                .ifPresentOrElse(
                        text -> attributes.put(name, text),
                        () -> faults.add(
                                ProblemType.INVALID_FIELD,
                                name,
                                "Send visible ASCII, and all else as its bytes in UTF-8, each percent-encoded (%C3%A4); a "
                                        + "percent sign as %25, a quote as %22."));
    }

    private @Nullable ByteBuffer readData(
            HttpHeaders headers, byte[] body, Map<String, String> attributes, EventFaults faults) {
        if (body.length == 0) {
            return null;
        }
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        // Bytes that were not called JSON are not taken for it.
        attributes.put(EventRules.DATA_CONTENT_TYPE, type == null ? MediaTypes.OCTET_STREAM : type);
        if (type != null && MediaTypes.isJson(type)) {
            requireJson(body, faults);
        }
        return ByteBuffer.wrap(body);
    }

    private void requireJson(byte[] data, EventFaults faults) {
        try {
            JsonNode ignored = json.readTree(data);
        } catch (ProblemException e) {
            faults.add(e.type(), EventRules.DATA, e.detail());
        }
    }
}
