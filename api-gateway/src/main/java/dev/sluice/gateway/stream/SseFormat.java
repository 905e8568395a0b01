package dev.sluice.gateway.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Server-sent events, as the HTML standard (section 9.2) has them. Pure. */
final class SseFormat {

    static final byte[] HEARTBEAT = bytes(": heartbeat\n\n");

    private SseFormat() {}

    /** No event: when to come back, and the id for a client that loses its connection before the first one. */
    static byte[] open(String id, Duration retry) {
        return bytes(": open\nretry: " + retry.toMillis() + "\nid: " + id + "\n\n");
    }

    static byte[] of(List<StreamItem> items, StreamIds ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
        items.forEach(item -> append(text, item, ids));
        return text.toByteArray();
    }

    static byte[] end(CloseReason reason, Duration retry) {
        return bytes("event: closed\nretry: " + retry.toMillis() + "\ndata: " + StreamJson.closed(reason) + "\n\n");
    }

    private static void append(ByteArrayOutputStream text, StreamItem item, StreamIds ids) {
        text.writeBytes(bytes("id: " + ids.of(item.behind()) + "\nevent: "));
        switch (item) {
            case StreamItem.Event event -> {
                text.writeBytes(bytes(onOneLine(event.event().type()) + "\ndata: "));
                text.writeBytes(event.event().json().bytes());
            }
            case StreamItem.Slow gap -> text.writeBytes(bytes("gap\ndata: " + StreamJson.gap(gap, ids)));
            case StreamItem.Expired gap -> text.writeBytes(bytes("gap\ndata: " + StreamJson.gap(gap, ids)));
            case StreamItem.Replaced gap -> text.writeBytes(bytes("gap\ndata: " + StreamJson.gap(gap, ids)));
        }
        text.writeBytes(bytes("\n\n"));
    }

    /** A type has no line break unless somebody else than this gateway wrote it. */
    private static String onOneLine(String type) {
        return type.replace('\n', ' ').replace('\r', ' ');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
