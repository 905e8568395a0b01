package dev.sluice.benchmarks.cache;

import dev.sluice.benchmarks.cache.HttpWire.Answer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A hundred entries in one call beside a hundred calls one after the other, on one connection, in turns. */
final class BatchCost {

    private static final int ITEMS = 100;
    private static final int ROUNDS = 200;
    private static final double WARM_UP_MILLIS = 10_000;
    private static final byte[] NOTHING = {};
    private static final byte[] VALUE = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
    private static final String NAMESPACE = "/api/v1/cache/namespaces/batch/";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final double NANOS_A_MILLI = 1e6;

    private final HttpWire wire;
    private final CallerIdentity identity;

    /** What is compared. */
    private interface Work {
        void run() throws IOException;
    }

    private BatchCost(int port, String secret) throws IOException {
        this.wire = new HttpWire(port);
        this.identity = new CallerIdentity(secret, InstantSource.system());
    }

    /** The arguments are the file to print to, the port of the service and its secret. */
    public static void main(String[] arguments) throws IOException {
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            BatchCost cost = new BatchCost(Integer.parseInt(arguments[1]), arguments[2]);
            out.printf("%-34s %14s %14s %8s%n", ITEMS + " entries, ms", "in one call", "one by one", "ratio");
            byte[] puts = puts();
            measure("put", () -> cost.sendTogether("batch/put", puts, "\"status\":20"), cost::putEach, out);
            byte[] there = keys("k");
            measure(
                    "get, out of the service's memory",
                    () -> cost.sendTogether("batch/get", there, "\"status\":200"),
                    () -> cost.getEach("k", 200),
                    out);
            byte[] missing = keys("none");
            measure(
                    "get, each asked of Redis (misses)",
                    () -> cost.sendTogether("batch/get", missing, "\"status\":404"),
                    () -> cost.getEach("none", 404),
                    out);
        }
    }

    /** The ratio is the median of those of the rounds. */
    private static void measure(String name, Work together, Work each, PrintStream out) throws IOException {
        int refused = warmUp(together) + warmUp(each);
        List<Double> one = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double together1 = millis(together);
            double each1 = millis(each);
            one.add(together1);
            many.add(each1);
            ratios.add(each1 / together1);
        }
        out.printf("%-34s %14.2f %14.2f %8.1f", name, median(one), median(many), median(ratios));
        out.printf("%s%n", refused == 0 ? "" : "   not all answered in the warm-up: " + refused + " rounds");
        out.flush();
    }

    /** Answers how often the work failed: a service that is still compiled may be too late for Redis. */
    private static int warmUp(Work work) {
        int failed = 0;
        double spent = 0;
        while (spent < WARM_UP_MILLIS) {
            long start = System.nanoTime();
            try {
                work.run();
            } catch (IOException notYet) {
                failed++;
            }
            spent += (System.nanoTime() - start) / NANOS_A_MILLI;
        }
        return failed;
    }

    private static double millis(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS_A_MILLI;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static byte[] puts() {
        String value = Base64.getEncoder().encodeToString(VALUE);
        String items = IntStream.range(0, ITEMS)
                .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":\"" + value + "\"}")
                .collect(Collectors.joining(","));
        return ("{\"items\":[" + items + "]}").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] keys(String prefix) {
        String keys = IntStream.range(0, ITEMS)
                .mapToObj(i -> "\"" + prefix + i + "\"")
                .collect(Collectors.joining(","));
        return ("{\"keys\":[" + keys + "]}").getBytes(StandardCharsets.US_ASCII);
    }

    private void putEach() throws IOException {
        for (int i = 0; i < ITEMS; i++) {
            int status = wire.send("PUT", NAMESPACE + "keys/k" + i, identity.token(), "", VALUE)
                    .status();
            require(status == 201 || status == 204, status);
        }
    }

    private void getEach(String prefix, int status) throws IOException {
        for (int i = 0; i < ITEMS; i++) {
            int answered = wire.send("GET", NAMESPACE + "keys/" + prefix + i, identity.token(), "", NOTHING)
                    .status();
            require(answered == status, answered);
        }
    }

    /** The body is made beforehand: what is measured is the service. */
    private void sendTogether(String path, byte[] body, String expected) throws IOException {
        Answer answer = wire.send("POST", NAMESPACE + path, identity.token(), JSON, body);
        int found = 0;
        int at = answer.body().indexOf(expected);
        while (at >= 0) {
            found++;
            at = answer.body().indexOf(expected, at + 1);
        }
        if (answer.status() != 200 || found != ITEMS) {
            throw new IOException("unexpected: " + answer);
        }
    }

    private static void require(boolean holds, int status) throws IOException {
        if (!holds) {
            throw new IOException("unexpected: " + status);
        }
    }
}
