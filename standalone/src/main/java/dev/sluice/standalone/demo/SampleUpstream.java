package dev.sluice.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sample product that a gateway stands before: an HTTP server on loopback that knows nothing of keys and limits, and
 * answers {@code /charts} and {@code /readings} in JSON after a few milliseconds.
 */
final class SampleUpstream implements AutoCloseable {

    private static final Duration WORK = Duration.ofMillis(3);

    private static final String CHART = """
            {"chart":"output","unit":"MW","points":[[0,412.5],[900,415.1],[1800,409.8],[2700,411.3]]}""";

    private static final String READING = """
            {"sensor":"inlet-4","unit":"bar","value":2.31,"quality":"good"}""";

    private static final String KEY_PREFIX = "slk_";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong keysSeen = new AtomicLong();

    SampleUpstream() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the sample upstream", e);
        }
        server.setExecutor(threads);
        server.createContext("/charts", exchange -> answer(exchange, CHART));
        server.createContext("/readings", exchange -> answer(exchange, READING));
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many requests it has answered. */
    long served() {
        return served.get();
    }

    /** How many requests came with an API key, which is the gateway's business alone. */
    long keysSeen() {
        return keysSeen.get();
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            Waiting.pause(WORK);
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            served.incrementAndGet();
            if (exchange.getRequestHeaders().values().stream()
                    .anyMatch(values -> values.toString().contains(KEY_PREFIX))) {
                keysSeen.incrementAndGet();
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
