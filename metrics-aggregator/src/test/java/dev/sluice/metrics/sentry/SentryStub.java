package dev.sluice.metrics.sentry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes envelopes as Sentry does. */
public final class SentryStub implements AutoCloseable {
    private final HttpServer server;
    private final List<Envelope> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 200;
    private volatile String retryAfter = "";

    /** What was posted. */
    public record Envelope(String auth, String type, JsonNode header, JsonNode item, JsonNode event, int eventBytes) {}

    public SentryStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/42/envelope/", exchange -> {
            asked.incrementAndGet();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (status == 200) {
                String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
                JsonMapper json = JsonMapper.shared();
                received.add(new Envelope(
                        exchange.getRequestHeaders().getFirst("X-Sentry-Auth"),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        json.readTree(lines[0]),
                        json.readTree(lines[1]),
                        json.readTree(lines[2]),
                        lines[2].getBytes(StandardCharsets.UTF_8).length));
            }
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    public String dsn() {
        return "http://publickey@127.0.0.1:" + server.getAddress().getPort() + "/42";
    }

    public List<Envelope> received() {
        return received;
    }

    /** How many requests there were. */
    int asked() {
        return asked.get();
    }

    void answer(int newStatus, String newRetryAfter) {
        status = newStatus;
        retryAfter = newRetryAfter;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
