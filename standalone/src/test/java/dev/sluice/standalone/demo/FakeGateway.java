package dev.sluice.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Answers as the gateway and its management port do, from a budget for each tier that is full whenever the tiers were asked for. */
final class FakeGateway implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> budgets;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger denied = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger decidedAlone = new AtomicInteger();

    /** How many requests each tier may make. */
    FakeGateway(Map<String, Integer> budgets) throws IOException {
        this.budgets = Map.copyOf(budgets);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Redis is late for so many of the next decisions, and what the gateway decides alone is to refuse. */
    void decideAlone(int decisions) {
        decidedAlone.set(decisions);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            switch (path) {
                case "/actuator/prometheus" -> answer(exchange, 200, counters());
                case "/api/v1/tiers" -> answer(exchange, 200, tiers());
                default -> decide(exchange, path.substring(path.lastIndexOf('/') + 1));
            }
        }
    }

    private void decide(HttpExchange exchange, String tier) throws IOException {
        int budget = budgets.getOrDefault(tier, 0);
        exchange.getResponseHeaders().set("RateLimit-Policy", "\"rate\";q=1000;w=1;sluice-burst=" + budget);
        boolean alone = decidedAlone.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (alone) {
            late.incrementAndGet();
        } else if (asked.computeIfAbsent(tier, unseen -> new AtomicInteger()).incrementAndGet() <= budget) {
            admitted.incrementAndGet();
            answer(exchange, 200, "{}");
            return;
        }
        denied.incrementAndGet();
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 429, "{\"violated-policies\":[\"rate\"]}");
    }

    private String counters() {
        return """
                sluice_ratelimit_decisions_total{verdict="admitted"} %d.0
                sluice_ratelimit_decisions_total{verdict="denied"} %d.0
                sluice_ratelimit_redis_failures_total %d.0
                """.formatted(admitted.get(), denied.get(), late.get());
    }

    private String tiers() {
        asked.clear();
        return budgets.entrySet().stream()
                .map(tier -> """
                        {"name":"%s","limits":[
                          {"name":"rate","group":"*","window":"second","quota":1000,"burst":%d,"mode":"enforce"},
                          {"name":"silent","group":"*","window":"day","quota":1,"burst":1,"mode":"shadow"},
                          {"name":"charts-day","group":"charts","window":"day","quota":5,"burst":5,"mode":"enforce"}]}""".formatted(tier.getKey(), tier.getValue()))
                .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
