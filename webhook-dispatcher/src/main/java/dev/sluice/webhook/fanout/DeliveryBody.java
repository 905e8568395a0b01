package dev.sluice.webhook.fanout;

import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookPayloadFormat;
import dev.sluice.webhook.filter.JsonData;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The body of a webhook. Standard is as Standard Webhooks recommends it: {@code {"type":…,"timestamp":…,"data":…}}, the data byte for
 * byte as the producer sent them; data that is not JSON goes as {@code data_base64}, as in CloudEvents. Raw is the data alone.
 *
 * @param contentType media type, fit for a header
 */
record DeliveryBody(String contentType, ByteBuffer content) {

    private static final String JSON = "application/json";
    private static final String ANYTHING = "application/octet-stream";

    static DeliveryBody of(DomainEvent event, WebhookPayloadFormat format) {
        return switch (format) {
            case RAW -> raw(event);
            // What a newer dispatcher may have written is sent in the form that there has always been.
            case STANDARD, UNKNOWN -> standard(event);
        };
    }

    private static DeliveryBody raw(DomainEvent event) {
        byte[] data = bytes(event.getData());
        String type = event.getDataContentType() == null ? JSON : event.getDataContentType();
        boolean fit = !type.isBlank() && type.chars().allMatch(c -> c >= ' ' && c <= '~');
        return new DeliveryBody(fit ? type : ANYTHING, ByteBuffer.wrap(data == null ? new byte[0] : data));
    }

    private static DeliveryBody standard(DomainEvent event) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        append(body, "{\"type\":\"");
        body.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(event.getType()));
        append(body, "\",\"timestamp\":\"" + event.getTime() + "\",");
        appendData(body, event);
        append(body, "}");
        return new DeliveryBody(JSON, ByteBuffer.wrap(body.toByteArray()));
    }

    private static void appendData(ByteArrayOutputStream body, DomainEvent event) {
        byte[] data = bytes(event.getData());
        if (data == null || data.length == 0) {
            append(body, "\"data\":null");
            return;
        }
        if (JsonData.isJson(event.getDataContentType())) {
            append(body, "\"data\":");
            body.writeBytes(data);
            return;
        }
        append(body, "\"data_base64\":\"" + Base64.getEncoder().encodeToString(data) + "\"");
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void append(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
