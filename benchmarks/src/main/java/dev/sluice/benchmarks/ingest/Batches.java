package dev.sluice.benchmarks.ingest;

import dev.sluice.benchmarks.webhook.Figures;
import dev.sluice.benchmarks.webhook.Platform;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Posts batches of events on a few connections, each as soon as the one before was answered, and tells how many were accepted and what each took. */
final class Batches {

    private static final int ITEMS = 100;
    private static final int ACCEPTED = 202;
    private static final String TEXT = "some text, so that it is as long as events usually are; ".repeat(3);

    private final URI events;
    private final String key;
    private final long gateway;
    private final long broker;
    private final String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final AtomicLong numbers = new AtomicLong();

    private Batches(URI events, String key, long gateway, long broker) {
        this.events = events;
        this.key = key;
        this.gateway = gateway;
        this.broker = broker;
    }

    /**
     * The arguments are the file to print to, the gateway, an admin's key, the process ids of gateway and broker, how many connections, seconds of a
     * turn and turns; the first turn warms up, and takes three times as long. Or a file alone, which is filled with events, each in a line.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            if (arguments.length == 1) {
                IntStream.range(0, 10_000).forEach(i -> out.println(event(true, "run", i)));
                return;
            }
            URI gateway = URI.create(arguments[1]);
            String key = new Platform(gateway, arguments[2]).newTenant("ingest");
            Batches batches = new Batches(
                    gateway.resolve("/api/v1/events"), key, Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
            int connections = Integer.parseInt(arguments[5]);
            Duration turn = Duration.ofSeconds(Long.parseLong(arguments[6]));
            out.printf("%-44s %10s %14s %14s %8s%n", "", "events/s", "gateway, µs", "broker, µs", "idle");
            for (boolean named : new boolean[] {true, false}) {
                String name = named ? "with ids, known when they come again" : "without ids";
                batches.turn(named, connections, turn.multipliedBy(3), name + ", warm-up", out);
                for (int i = 0; i < Integer.parseInt(arguments[7]); i++) {
                    batches.turn(named, connections, turn, name, out);
                }
            }
        }
    }

    private void turn(boolean named, int connections, Duration time, String name, PrintStream out)
            throws IOException, InterruptedException, ExecutionException {
        double gatewayBefore = Figures.cpuSeconds(gateway);
        double brokerBefore = Figures.cpuSeconds(broker);
        double idleBefore = Figures.idleSeconds();
        long start = System.nanoTime();
        long accepted = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(connections)) {
            List<Callable<Long>> calls = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                calls.add(() -> post(named, start + time.toNanos()));
            }
            for (Future<Long> each : callers.invokeAll(calls)) {
                accepted += each.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                Locale.ROOT,
                "%-44s %10.0f %14.1f %14.1f %7.0f%%%n",
                name,
                accepted / seconds,
                (Figures.cpuSeconds(gateway) - gatewayBefore) * 1e6 / accepted,
                (Figures.cpuSeconds(broker) - brokerBefore) * 1e6 / accepted,
                (Figures.idleSeconds() - idleBefore)
                        / seconds
                        / Runtime.getRuntime().availableProcessors()
                        * 100);
        out.flush();
    }

    /** One caller's batches until then; answers how many events were accepted. */
    private long post(boolean named, long end) throws IOException, InterruptedException {
        long accepted = 0;
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            while (System.nanoTime() < end) {
                long first = numbers.getAndAdd(ITEMS);
                String body = IntStream.range(0, ITEMS)
                        .mapToObj(i -> event(named, run, first + i))
                        .collect(Collectors.joining(",", "[", "]"));
                int status = http.send(
                                HttpRequest.newBuilder(events)
                                        .header("X-API-Key", key)
                                        .header("Content-Type", "application/cloudevents-batch+json")
                                        .POST(BodyPublishers.ofString(body))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                if (status != ACCEPTED) {
                    throw new IOException("a batch was answered with " + status);
                }
                accepted += ITEMS;
            }
        }
        return accepted;
    }

    private static String event(boolean named, String run, long number) {
        return "{\"specversion\":\"1.0\"," + (named ? "\"id\":\"" + run + '-' + number + "\"," : "")
                + "\"source\":\"/benchmark\",\"type\":\"ingest.measured\",\"subject\":\"order/" + number % 1000
                + "\",\"data\":{\"n\":" + number + ",\"text\":\"" + TEXT + "\"}}";
    }
}
