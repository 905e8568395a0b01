package dev.sluice.benchmarks.revocation;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Revokes keys one after the other while each gateway is asked with the key in a loop, and tells how long after the
 * request to revoke it was sent each gateway gave its first refusal. That is more than the gateway took by up to one round
 * of its loop. The loops pause, so that the machine is not busy with being asked.
 */
final class RevokedKeys {

    private static final Pattern FIELD = Pattern.compile("\"(id|key|millis)\":\"?([^\",}]+)");
    private static final double NANOS_A_MILLI = 1e6;
    private static final long PAUSE_NANOS = 3_000_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<URI> gateways;
    private final String admin;

    private RevokedKeys(List<URI> gateways, String admin) {
        this.gateways = gateways;
        this.admin = admin;
    }

    /** The arguments are the file to print to, an admin's key, a tenant, how many keys, and the gateways. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<URI> gateways = new ArrayList<>();
        for (int i = 4; i < arguments.length; i++) {
            gateways.add(URI.create(arguments[i]));
        }
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            new RevokedKeys(gateways, arguments[1]).measure(arguments[2], Integer.parseInt(arguments[3]), out);
        }
    }

    private void measure(String tenant, int keys, PrintStream out) throws IOException, InterruptedException {
        List<List<Double>> refused = new ArrayList<>();
        gateways.forEach(gateway -> refused.add(new ArrayList<>()));
        List<Double> everywhere = new ArrayList<>();
        List<Double> stated = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            String made = send(
                    gateways.getFirst(),
                    "POST",
                    "/api/v1/keys?wait=all",
                    "{\"name\":\"benchmark\",\"tenant\":\"%s\",\"environment\":\"test\",\"scopes\":[\"metrics:read\"]}"
                            .formatted(tenant));
            List<Double> times = new ArrayList<>();
            stated.add(revoke(field(made, "id"), field(made, "key"), gateways.get(i % gateways.size()), times));
            for (int gateway = 0; gateway < times.size(); gateway++) {
                refused.get(gateway).add(times.get(gateway));
            }
            everywhere.add(times.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
        }
        out.printf("%d keys, milliseconds %12s %8s %8s %8s%n", keys, "p50", "p90", "p99", "max");
        for (int gateway = 0; gateway < refused.size(); gateway++) {
            print("refused by " + gateways.get(gateway).getAuthority(), refused.get(gateway), out);
        }
        print("refused by all", everywhere, out);
        print("as the answer says", stated, out);
    }

    /** Adds for each gateway when it first refused the key, and answers what the gateway says it took. */
    private double revoke(String id, String key, URI asked, List<Double> times)
            throws IOException, InterruptedException {
        CountDownLatch taken = new CountDownLatch(gateways.size());
        try (ExecutorService loops = Executors.newFixedThreadPool(gateways.size())) {
            List<CompletableFuture<Long>> ends = gateways.stream()
                    .map(gateway -> CompletableFuture.supplyAsync(() -> firstRefusal(gateway, key, taken), loops))
                    .toList();
            taken.await();
            long start = System.nanoTime();
            String answer = send(asked, "DELETE", "/api/v1/keys/" + id + "?wait=all", "");
            ends.forEach(end -> times.add((end.join() - start) / NANOS_A_MILLI));
            return Double.parseDouble(field(answer, "millis"));
        }
    }

    /** The moment of the first refusal after the gateway has taken the key. */
    private long firstRefusal(URI gateway, String key, CountDownLatch taken) {
        boolean wasTaken = false;
        try {
            while (true) {
                int status = http.send(
                                request(gateway, "GET", "/api/v1/tiers/free", "", key), BodyHandlers.discarding())
                        .statusCode();
                if (wasTaken && (status == 401 || status == 429)) {
                    return System.nanoTime();
                }
                if (status == 200 && !wasTaken) {
                    wasTaken = true;
                    taken.countDown();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("no answer from " + gateway, e);
        }
    }

    private String send(URI gateway, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request(gateway, method, path, body, admin), BodyHandlers.ofString());
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw new IOException("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    private static HttpRequest request(URI gateway, String method, String path, String body, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path))
                .header("X-API-Key", key)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return (body.isEmpty() ? request : request.header("Content-Type", "application/json")).build();
    }

    private static String field(String json, String name) {
        Matcher fields = FIELD.matcher(json);
        while (fields.find()) {
            if (fields.group(1).equals(name)) {
                return fields.group(2);
            }
        }
        throw new IllegalArgumentException("there is no " + name + " in the answer");
    }

    private static void print(String name, List<Double> millis, PrintStream out) {
        List<Double> sorted = millis.stream().sorted().toList();
        out.printf(
                "%-27s %8.1f %8.1f %8.1f %8.1f%n",
                name, quantile(sorted, 0.5), quantile(sorted, 0.9), quantile(sorted, 0.99), sorted.getLast());
    }

    /** The smallest value that so large a part is not above. */
    private static double quantile(List<Double> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
