package dev.sluice.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A webhook endpoint on this machine that keeps what it gets; it can refuse the first attempt of deliveries, or all of some. */
final class Receiver implements AutoCloseable {

    /** Whether the first attempt of a delivery is taken. */
    enum Mood {
        TAKES_ALL,
        REFUSES_FIRST,
        /** The first attempt of one delivery in ten. */
        REFUSES_SOME,
        /** One delivery in ten for good, which it says so that it is given up. */
        ENDS_SOME
    }

    /** One attempt; the names of the headers are in lower case. */
    record Received(Map<String, List<String>> headers, String body, int answered) {

        String webhookId() {
            return headers.getOrDefault("webhook-id", List.of("")).getFirst();
        }

        /** The member {@code key} of the event's data, by which a test knows its event. */
        String eventKey() {
            return JsonMapper.shared().readTree(body).path("data").path("key").asString("");
        }
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Mood mood;

    Receiver(Mood mood) {
        this.mood = mood;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::take);
        server.start();
    }

    String url() {
        return origin() + "/";
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    /** The attempts of the event with that key, in the order of their arrival. */
    List<Received> attempts(String eventKey) {
        return received.stream().filter(one -> one.eventKey().equals(eventKey)).toList();
    }

    /** The keys of the events that were taken. */
    Set<String> taken() {
        return received.stream()
                .filter(one -> one.answered() < 300)
                .map(Received::eventKey)
                .collect(Collectors.toSet());
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, List<String>> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            header -> header.getKey().toLowerCase(Locale.ROOT),
                            header -> List.copyOf(header.getValue())));
            String id = headers.getOrDefault("webhook-id", List.of("")).getFirst();
            boolean some = Math.floorMod(id.hashCode(), 10) == 0;
            int status = switch (mood) {
                case TAKES_ALL -> 204;
                case REFUSES_FIRST -> refused.add(id) ? 503 : 204;
                case REFUSES_SOME -> some && refused.add(id) ? 503 : 204;
                case ENDS_SOME -> some ? 400 : 204;
            };
            received.add(new Received(headers, body, status));
            if (status == 400) {
                exchange.getResponseHeaders().set("webhook-delivery", "abort-message");
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }
}
