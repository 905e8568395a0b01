package dev.sluice.gateway.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One JSON text for each thing that a stream tells over a WebSocket. Pure. */
final class WebSocketFormat {

    static final byte[] HEARTBEAT = bytes("{\"type\":\"heartbeat\"}");

    private WebSocketFormat() {}

    static byte[] open(String id) {
        return bytes("{\"type\":\"open\",\"id\":\"" + id + "\"}");
    }

    static byte[] of(StreamItem item, StreamIds ids) {
        String id = ids.of(item.behind());
        return switch (item) {
            case StreamItem.Event event -> event(id, event.event().json());
            case StreamItem.Slow gap -> gap(id, StreamJson.gap(gap, ids));
            case StreamItem.Expired gap -> gap(id, StreamJson.gap(gap, ids));
            case StreamItem.Replaced gap -> gap(id, StreamJson.gap(gap, ids));
        };
    }

    private static byte[] event(String id, StreamedEvent.Payload json) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(json.size() + 128);
        text.writeBytes(bytes("{\"type\":\"event\",\"id\":\"" + id + "\",\"event\":"));
        text.writeBytes(json.bytes());
        text.write('}');
        return text.toByteArray();
    }

    private static byte[] gap(String id, String gap) {
        return bytes("{\"type\":\"gap\",\"id\":\"" + id + "\",\"gap\":" + gap + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
