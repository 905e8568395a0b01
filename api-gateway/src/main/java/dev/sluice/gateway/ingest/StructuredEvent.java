package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads an event in the JSON format of CloudEvents 1.0. Attributes become strings; data stays byte for byte what was
 * sent. Pure.
 */
final class StructuredEvent {

    private static final String DATA_BASE64 = "data_base64";

    private final StrictJson json;

    StructuredEvent(StrictJson json) {
        this.json = json;
    }

    /** Adds to {@code faults} what is wrong with single fields; throws when there is no JSON object to read. */
    RawEvent read(byte[] body, EventFaults faults) {
        JsonNode event = json.readTree(body);
        if (!event.isObject()) {
            throw ProblemException.ofField(
                    ProblemType.WRONG_TYPE, "body", "Send one event as a JSON object, with its attributes as members.");
        }
        Map<String, String> attributes = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : event.properties()) {
            if (!member.getKey().equals(EventRules.DATA) && !member.getKey().equals(DATA_BASE64)) {
                readAttribute(member.getKey(), member.getValue(), attributes, faults);
            }
        }
        return new RawEvent(attributes, readData(body, event, attributes, faults));
    }

    private static void readAttribute(String name, JsonNode value, Map<String, String> attributes, EventFaults faults) {
        boolean standard = EventRules.STANDARD_ATTRIBUTES.contains(name);
        if (!EventRules.isAttributeName(name)) {
            faults.addUnknown(
                    name,
                    "Leave the field out, or name an extension attribute with 1 to 20 of a-z and 0-9; "
                            + "what belongs to the event itself goes into data.");
            return;
        }
        // JSON format 1.0, section 2.2: null means that the attribute is not set.
        if (value.isNull()) {
            return;
        }
        if (value.isString()) {
            attributes.put(name, value.stringValue());
        } else if (standard) {
            faults.add(ProblemType.WRONG_TYPE, name, "Send the attribute as a JSON string.");
        } else if (value.isBoolean() || value.isInt()) {
            attributes.put(name, value.asString());
        } else {
            faults.add(
                    ProblemType.WRONG_TYPE,
                    name,
                    "Send an extension attribute as a string, a boolean or a 32-bit integer.");
        }
    }

    private @Nullable ByteBuffer readData(
            byte[] body, JsonNode event, Map<String, String> attributes, EventFaults faults) {
        JsonNode data = present(event, EventRules.DATA);
        JsonNode base64 = present(event, DATA_BASE64);
        if (data != null && base64 != null) {
            faults.add(ProblemType.INVALID_FIELD, DATA_BASE64, "Send data or data_base64, not both.");
            return null;
        }
        if (base64 != null) {
            return readBase64(base64, attributes, faults);
        }
        return data == null ? null : readMember(body, data, attributes, faults);
    }

    private static @Nullable JsonNode present(JsonNode event, String name) {
        JsonNode value = event.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static @Nullable ByteBuffer readMember(
            byte[] body, JsonNode data, Map<String, String> attributes, EventFaults faults) {
        String type = attributes.computeIfAbsent(EventRules.DATA_CONTENT_TYPE, name -> MediaTypes.JSON);
        if (MediaTypes.isJson(type)) {
            return ByteBuffer.wrap(JsonSlice.ofMember(body, EventRules.DATA));
        }
        // JSON format 1.0, section 3.1: data of another type is text in a JSON string.
        if (data.isString()) {
            return ByteBuffer.wrap(data.stringValue().getBytes(StandardCharsets.UTF_8));
        }
        faults.add(
                ProblemType.WRONG_TYPE,
                EventRules.DATA,
                "Send data as a JSON string, or as data_base64, since datacontenttype is not JSON.");
        return null;
    }

    private @Nullable ByteBuffer readBase64(JsonNode base64, Map<String, String> attributes, EventFaults faults) {
        if (!base64.isString()) {
            faults.add(ProblemType.WRONG_TYPE, DATA_BASE64, "Send the data as a string in base64.");
            return null;
        }
        byte[] data;
        try {
            data = Base64.getDecoder().decode(base64.stringValue());
        } catch (IllegalArgumentException e) {
            faults.add(ProblemType.INVALID_FIELD, DATA_BASE64, "Send base64 (RFC 4648, section 4).");
            return null;
        }
        // Bytes that were not called JSON are not taken for it.
        String type = attributes.computeIfAbsent(EventRules.DATA_CONTENT_TYPE, name -> MediaTypes.OCTET_STREAM);
        if (MediaTypes.isJson(type)) {
            requireJson(data, faults);
        }
        return ByteBuffer.wrap(data);
    }

    private void requireJson(byte[] data, EventFaults faults) {
        try {
            JsonNode ignored = json.readTree(data);
        } catch (ProblemException e) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    DATA_BASE64,
                    "Send data that is valid JSON once decoded, or another datacontenttype.");
        }
    }
}
