package dev.sluice.standalone.demo;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A customer's webhook endpoint on loopback. It verifies every signature with the public Standard Webhooks library, so
 * that the platform does not judge itself. Under a path that was {@link #failFirst asked to}, it refuses the first
 * attempt of each message.
 */
final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Path> paths = new ConcurrentHashMap<>();

    /**
     * One request that came in.
     *
     * @param receivedNanos {@link System#nanoTime} at its arrival
     */
    record Received(String webhookId, String eventKey, boolean verified, int answered, long receivedNanos) {}

    private record Path(Webhook verifier, boolean failFirst, List<Received> received) {}

    WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the webhook receiver", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
    }

    void accept(String path, String secret) {
        paths.put("/" + path, new Path(new Webhook(secret), false, new CopyOnWriteArrayList<>()));
    }

    void failFirst(String path, String secret) {
        paths.put("/" + path, new Path(new Webhook(secret), true, new CopyOnWriteArrayList<>()));
    }

    List<Received> received(String path) {
        Path known = paths.get("/" + path);
        return known == null ? List.of() : List.copyOf(known.received());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Path path = paths.get(exchange.getRequestURI().getPath());
            if (path == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(record(path, exchange, new String(body, StandardCharsets.UTF_8)), -1);
        }
    }

    private static int record(Path path, HttpExchange exchange, String body) {
        String id = String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id"));
        boolean verified = verify(path.verifier(), exchange, body);
        synchronized (path) {
            boolean first =
                    path.received().stream().noneMatch(seen -> seen.webhookId().equals(id));
            int status = !verified ? 401 : path.failFirst() && first ? 500 : 204;
            path.received().add(new Received(id, eventKey(body), verified, status, System.nanoTime()));
            return status;
        }
    }

    private static boolean verify(Webhook verifier, HttpExchange exchange, String body) {
        try {
            verifier.verify(body, Map.copyOf(exchange.getRequestHeaders()));
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    /** The key that the demo put into the event's data. */
    private static String eventKey(String body) {
        return JsonMapper.shared().readTree(body).path("data").path("key").asString("");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
