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
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 200;
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
            cost.measure("put", cost::putTogether, cost::putEach, out);
            cost.measure(
                    "get, out of the service's memory", () -> cost.getTogether("k"), () -> cost.getEach("k", 200), out);
            cost.measure(
                    "get, each asked of Redis (misses)",
                    () -> cost.getTogether("none"),
                    () -> cost.getEach("none", 404),
                    out);
        }
    }

    /** The ratio is the median of those of the rounds. */
    private void measure(String name, Work together, Work each, PrintStream out) throws IOException {
        List<Double> one = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double together1 = millis(together);
            double each1 = millis(each);
            if (round >= 0) {
                one.add(together1);
                many.add(each1);
                ratios.add(each1 / together1);
            }
        }
        out.printf("%-34s %14.2f %14.2f %8.1f%n", name, median(one), median(many), median(ratios));
        out.flush();
    }

    private static double millis(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS_A_MILLI;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private void putTogether() throws IOException {
        String value = Base64.getEncoder().encodeToString(VALUE);
        String items = IntStream.range(0, ITEMS)
                .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":\"" + value + "\"}")
                .collect(Collectors.joining(","));
        expect("\"status\":20", send("POST", "batch/put", JSON, "{\"items\":[" + items + "]}"));
    }

    private void putEach() throws IOException {
        for (int i = 0; i < ITEMS; i++) {
            int status = wire.send("PUT", NAMESPACE + "keys/k" + i, identity.token(), "", VALUE)
                    .status();
            require(status == 201 || status == 204, status);
        }
    }

    private void getTogether(String prefix) throws IOException {
        String keys = IntStream.range(0, ITEMS)
                .mapToObj(i -> "\"" + prefix + i + "\"")
                .collect(Collectors.joining(","));
        expect("\"status\":", send("POST", "batch/get", JSON, "{\"keys\":[" + keys + "]}"));
    }

    private void getEach(String prefix, int status) throws IOException {
        for (int i = 0; i < ITEMS; i++) {
            int answered = wire.send("GET", NAMESPACE + "keys/" + prefix + i, identity.token(), "", NOTHING)
                    .status();
            require(answered == status, answered);
        }
    }

    private Answer send(String method, String path, String headers, String body) throws IOException {
        return wire.send(method, NAMESPACE + path, identity.token(), headers, body.getBytes(StandardCharsets.US_ASCII));
    }

    private static void expect(String text, Answer answer) throws IOException {
        int found = answer.body().split(text, -1).length - 1;
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
