package dev.sluice.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers as a gateway with one route does, which each key may use so many times. */
final class FakeRoutingGateway implements AutoCloseable {

    static final int FREE_QUOTA = 10;
    static final int OTHER_QUOTA = 50;

    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, AtomicInteger> used = new ConcurrentHashMap<>();
    private final int freeBudget;
    private volatile @Nullable URI product;
    /** Refusals by the rate before the first answer of another kind. */
    private final AtomicInteger hurried = new AtomicInteger(2);

    private volatile boolean handsKeysOn;

    /** @param freeBudget how many requests the tier free gets, rightly {@link #FREE_QUOTA} */
    FakeRoutingGateway(int freeBudget) throws IOException {
        this.freeBudget = freeBudget;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void handOnKeys() {
        handsKeysOn = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/api/v1/tiers")) {
                answer(exchange, 200, tiers());
            } else if (path.startsWith("/api/v1/routes/")) {
                changeRoute(exchange);
            } else if (product == null) {
                answer(exchange, 404, "{}");
            } else {
                pass(exchange, exchange.getRequestHeaders().getFirst("Authorization"));
            }
        }
    }

    private void changeRoute(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("DELETE")) {
            product = null;
            exchange.sendResponseHeaders(204, -1);
            return;
        }
        String url = JsonMapper.shared()
                .readTree(exchange.getRequestBody())
                .path("targets")
                .path(0)
                .path("url")
                .asString();
        product = URI.create(url);
        answer(exchange, 201, "{}");
    }

    private void pass(HttpExchange exchange, String key) throws IOException {
        boolean free = key.endsWith("f");
        exchange.getResponseHeaders()
                .set("RateLimit-Policy", "\"readings-day\";q=" + (free ? FREE_QUOTA : OTHER_QUOTA) + ";w=86400");
        if (hurried.getAndDecrement() > 0) {
            answer(exchange, 429, "{\"violated-policies\":[\"rate\"]}");
            return;
        }
        int budget = free ? freeBudget : OTHER_QUOTA;
        if (used.computeIfAbsent(key, unseen -> new AtomicInteger()).incrementAndGet() > budget) {
            answer(exchange, 429, "{\"violated-policies\":[\"readings-day\"]}");
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(product + "/readings"));
        if (handsKeysOn) {
            request.header("Authorization", key);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String tiers() {
        StringBuilder tiers = new StringBuilder("{\"data\":[");
        for (String tier : new String[] {"free", "basic", "premium", "unlimited"}) {
            tiers.append(tiers.length() > 9 ? "," : "")
                    .append("{\"name\":\"")
                    .append(tier)
                    .append("\",\"limits\":[{\"name\":\"readings-day\",\"quota\":")
                    .append(tier.equals("free") ? FREE_QUOTA : OTHER_QUOTA)
                    .append("}]}");
        }
        return tiers.append("]}").toString();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        http.close();
    }
}
