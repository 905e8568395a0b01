package dev.sluice.gateway.stream;

import dev.sluice.gateway.ingest.MediaTypes;
import dev.sluice.record.DomainEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * An event in the JSON format of CloudEvents 1.0, on one line. JSON data stand there as the producer sent them, but for
 * line breaks between their tokens, which become spaces; all other data as {@code data_base64}. Pure.
 */
final class CloudEventJson {

    private final ByteArrayOutputStream json = new ByteArrayOutputStream(512);

    private CloudEventJson() {}

    static byte[] of(DomainEvent event) {
        return new CloudEventJson().write(event);
    }

    private byte[] write(DomainEvent event) {
        append("{\"specversion\":\"1.0\"");
        attribute("id", event.getId());
        attribute("source", event.getSource());
        attribute("type", event.getType());
        attribute("subject", event.getSubject());
        attribute("time", event.getTime().toString());
        attribute("datacontenttype", event.getDataContentType());
        attribute("dataschema", event.getDataSchema());
        event.getExtensions().forEach(this::attribute);
        data(event.getData(), event.getDataContentType());
        append("}");
        return json.toByteArray();
    }

    private void attribute(String name, @Nullable String value) {
        if (value != null) {
            append(",\"");
            json.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(name));
            append("\":\"");
            json.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(value));
            append("\"");
        }
    }

    private void data(@Nullable ByteBuffer buffer, @Nullable String type) {
        if (buffer == null || !buffer.hasRemaining()) {
            return;
        }
        byte[] data = new byte[buffer.remaining()];
        buffer.duplicate().get(data);
        if (type == null || MediaTypes.isJson(type)) {
            append(",\"data\":");
            json.writeBytes(onOneLine(data));
        } else {
            append(",\"data_base64\":\"");
            json.writeBytes(Base64.getEncoder().encode(data));
            append("\"");
        }
    }

    /** JSON has no bare line break within a string (RFC 8259, section 7); outside of one it is as good as a space. */
    private static byte[] onOneLine(byte[] data) {
        for (int i = 0; i < data.length; i++) {
            if (data[i] == '\n' || data[i] == '\r') {
                data[i] = ' ';
            }
        }
        return data;
    }

    private void append(String ascii) {
        json.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
