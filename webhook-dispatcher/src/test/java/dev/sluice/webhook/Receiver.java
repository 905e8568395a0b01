package dev.sluice.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** A customer's server: keeps every request by path and answers as it was told, else 204. */
final class Receiver implements AutoCloseable {

    /** A request as it arrived. */
    record Delivery(Map<String, List<String>> headers, String body) {

        String id() {
            return header("webhook-id");
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }

        /** As the public library of Standard Webhooks does it. */
        boolean verifies(String secret) {
            try {
                new Webhook(secret).verify(body, headers);
                return true;
            } catch (WebhookVerificationException _) {
                return false;
            }
        }
    }

    /** Whether one of the v1a signatures of a delivery is by this key, by nothing but what the specification says. */
    static boolean isSignedBy(JsonNode jwk, Delivery delivery) throws GeneralSecurityException {
        byte[] x509 = HexFormat.of()
                .parseHex("302a300506032b6570032100"
                        + HexFormat.of()
                                .formatHex(Base64.getUrlDecoder()
                                        .decode(jwk.path("x").asString())));
        Signature signature = Signature.getInstance("Ed25519");
        for (String each : delivery.header("webhook-signature").split(" ", -1)) {
            signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
            signature.update((delivery.id() + "." + delivery.header("webhook-timestamp") + "." + delivery.body())
                    .getBytes(StandardCharsets.UTF_8));
            if (each.startsWith("v1a,") && signature.verify(Base64.getDecoder().decode(each.substring(4)))) {
                return true;
            }
        }
        return false;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, List<Delivery>> deliveries = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentLinkedQueue<Integer>> statuses = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final Map<String, Answering> answering = new ConcurrentHashMap<>();

    /** Writes the body of an answer; may go on until the other side has enough. */
    interface Answering {
        void answer(Delivery request, OutputStream body) throws IOException;
    }

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The next requests to a path get these answers, one each. */
    void answer(String path, Integer... next) {
        statuses.computeIfAbsent(path, unseen -> new ConcurrentLinkedQueue<>()).addAll(List.of(next));
    }

    /** Requests to a path get 200 and what this writes. */
    void say(String path, Answering body) {
        answering.put(path, body);
    }

    /** Requests to a path get no answer until {@link #release}. */
    void hang(String path) {
        hanging.put(path, new CountDownLatch(1));
    }

    void release(String path) {
        CountDownLatch gate = hanging.remove(path);
        if (gate != null) {
            gate.countDown();
        }
    }

    List<Delivery> received(String path) {
        return List.copyOf(deliveries.getOrDefault(path, List.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Delivery request = new Delivery(Map.copyOf(exchange.getRequestHeaders()), body);
        deliveries.computeIfAbsent(path, unseen -> new CopyOnWriteArrayList<>()).add(request);
        CountDownLatch gate = hanging.get(path);
        if (gate != null) {
            awaitOpen(gate);
        }
        Answering said = answering.get(path);
        if (said != null) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                said.answer(request, out);
            }
            return;
        }
        Integer status =
                statuses.getOrDefault(path, new ConcurrentLinkedQueue<>()).poll();
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        hanging.keySet().forEach(this::release);
        server.stop(0);
        threads.shutdownNow();
    }
}
