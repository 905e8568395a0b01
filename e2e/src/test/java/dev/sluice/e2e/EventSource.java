package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a stream of the gateway as a browser does: one event after the other, and when the connection breaks again from the
 * id of the last one.
 */
final class EventSource implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Client client;
    private final String path;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread reader = Thread.ofVirtual().unstarted(this::read);

    private String lastId = "";
    private volatile boolean closed;

    private EventSource(Client client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Returns once the stream has begun: what is published from now on is part of it. */
    static EventSource open(Client client, String path) {
        EventSource source = new EventSource(client, path);
        source.reader.start();
        await().atMost(PATIENCE).until(() -> source.opened.getCount() == 0);
        return source;
    }

    /** The data of what came so far. */
    List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** The {@code event} of what came so far. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** How often the stream was opened. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
    }

    private void read() {
        while (!closed) {
            await().atMost(PATIENCE).until(() -> closed || readOnce());
        }
    }

    /** Whether there was a connection. */
    private boolean readOnce() throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(client.gateway() + path))
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + client.key());
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        try {
            HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                return false;
            }
            connections.incrementAndGet();
            try (Stream<String> lines = response.body()) {
                opened.countDown();
                take(lines.iterator());
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** An event whose connection broke before its empty line did not come. */
    private void take(Iterator<String> lines) {
        String id = "";
        String name = "";
        String data = "";
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data = line.substring(5).strip();
            } else if (line.isEmpty() && !data.isEmpty()) {
                names.add(name);
                events.add(JsonMapper.shared().readTree(data));
                lastId = id.isEmpty() ? lastId : id;
                id = "";
                name = "";
                data = "";
            }
        }
    }
}
