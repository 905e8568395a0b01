package dev.sluice.benchmarks.cache;

import dev.sluice.benchmarks.cache.HttpWire.Answer;
import dev.sluice.benchmarks.cache.SteadyCaller.Waits;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Purges a namespace of many entries, and tells how long the answer and the work behind it took, and what callers who have
 * nothing to do with it waited before and meanwhile: of Redis itself, of the service for what it has in its memory, and of the
 * service for what it must ask Redis.
 */
final class PurgeWaits {

    private static final byte[] NOTHING = {};
    private static final String NAMESPACES = "/api/v1/cache/namespaces/";
    private static final Pattern STAGE = Pattern.compile("\"stage\":\"([a-z]+)\".*\"swept\":([0-9]+)");
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9]+)\"");
    private static final int ANSWERS = 100;
    private static final int WARM_UP = 1_000;

    /** Of so many namespaces; a tenant may have a thousand that are not swept yet. */
    private static final int SCOPES = 50;

    private static final int VALUE_BYTES = 100;
    private static final double NANOS_A_SECOND = 1e9;

    /** In /proc/pid/stat behind the name: 11 other fields, then user and system time in hundredths of a second. */
    private static final int CPU_FIELD = 11;

    private final RedisWire redis;
    private final int redisPort;
    private final int servicePort;
    private final String secret;
    private final PrintStream out;
    private final CallerIdentity identity;
    private HttpWire service;

    private PurgeWaits(int redisPort, int servicePort, String secret, PrintStream out) throws IOException {
        this.redisPort = redisPort;
        this.servicePort = servicePort;
        this.secret = secret;
        this.out = out;
        this.redis = new RedisWire(redisPort);
        this.service = new HttpWire(servicePort);
        this.identity = new CallerIdentity(secret, InstantSource.system());
    }

    /**
     * The arguments are the file to print to, the ports of Redis and the service, the secret of the service, how many entries,
     * seconds before each purge, how many purges, the process ids of Redis and the service, and for how many seconds at most the
     * work behind a purge is looked at.
     */
    public static void main(String[] arguments) throws IOException {
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            PurgeWaits waits =
                    new PurgeWaits(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), arguments[3], out);
            Duration before = Duration.ofSeconds(Long.parseLong(arguments[5]));
            for (int round = 1; round <= Integer.parseInt(arguments[6]); round++) {
                out.println("purge " + round);
                waits.measure(
                        Integer.parseInt(arguments[4]),
                        before,
                        Path.of("/proc", arguments[7], "stat"),
                        Path.of("/proc", arguments[8], "stat"),
                        Duration.ofSeconds(Long.parseLong(arguments[9])));
            }
        }
    }

    private void measure(int entries, Duration before, Path redisStat, Path serviceStat, Duration most)
            throws IOException {
        fill(entries);
        connectAnew();
        put("others", "known");
        List<SteadyCaller> callers = List.of(
                new SteadyCaller("Redis", redisCall()),
                new SteadyCaller("service, from its memory", serviceCall("known", 200, 200)),
                new SteadyCaller("service, asking Redis", serviceCall("unknown", 404, 503)));
        pause(Duration.ofSeconds(5));
        answers();
        callers.forEach(SteadyCaller::nextPhase);
        pause(before);
        List<Waits> calm = callers.stream().map(SteadyCaller::nextPhase).toList();
        connectAnew();
        put("others", "known");
        double redisCpu = cpuSeconds(redisStat);
        double serviceCpu = cpuSeconds(serviceStat);
        long start = System.nanoTime();
        String id = purge("crowded");
        double answered = (System.nanoTime() - start) / NANOS_A_SECOND;
        String swept = awaitEnd(id, most);
        double took = (System.nanoTime() - start) / NANOS_A_SECOND;
        List<Waits> meanwhile = callers.stream().map(SteadyCaller::nextPhase).toList();
        out.printf(
                "answered in %.2f ms; carried out on %s entries in %.1f s; CPU meanwhile: Redis %.1f s, service %.1f s%n",
                answered * 1000, swept, took, cpuSeconds(redisStat) - redisCpu, cpuSeconds(serviceStat) - serviceCpu);
        for (int i = 0; i < callers.size(); i++) {
            callers.get(i).close();
            print(callers.get(i).name(), calm.get(i), meanwhile.get(i));
        }
        out.flush();
    }

    /** The service ends connections on which nothing comes for a while. */
    private void connectAnew() throws IOException {
        service.close();
        service = new HttpWire(servicePort);
    }

    /** One entry as the service stores it, and as many copies of it; putting each would take far longer. */
    private void fill(int entries) throws IOException {
        put("crowded", "model");
        redis.configure("maxmemory", "0");
        redis.setAll(name("crowded", "copy-"), "}", entries, redis.get(name("crowded", "model") + '}'));
    }

    private void put(String namespace, String key) throws IOException {
        byte[] value = "x".repeat(VALUE_BYTES).getBytes(StandardCharsets.US_ASCII);
        expect(201, 204, service.send("PUT", NAMESPACES + namespace + "/keys/" + key, identity.token(), "", value));
    }

    /**
     * How soon purges of namespaces that hold nothing are answered, while Redis holds all the entries of the other. The first are those of a
     * service that has just started, which is another matter, and told apart.
     */
    private void answers() throws IOException {
        print("first", millisOf(ANSWERS));
        millisOf(WARM_UP);
        print("later", millisOf(ANSWERS));
        awaitEnd(purge("empty"), Duration.ofMinutes(10));
    }

    private List<Double> millisOf(int purges) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < purges; i++) {
            long start = System.nanoTime();
            purge("empty-" + i % SCOPES);
            millis.add((System.nanoTime() - start) / NANOS_A_SECOND * 1000);
        }
        return millis.stream().sorted().toList();
    }

    private void print(String which, List<Double> sorted) {
        out.printf(
                "%d %s purges answered in %.2f ms (median), %.2f (p90), %.2f at most%n",
                sorted.size(),
                which,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.getLast());
    }

    private String purge(String namespace) throws IOException {
        byte[] body = "{\"namespace\":\"%s\"}".formatted(namespace).getBytes(StandardCharsets.US_ASCII);
        Answer answer = service.send(
                "POST", "/api/v1/cache/purge", identity.token(), "Content-Type: application/json\r\n", body);
        Matcher id = ID.matcher(expect(202, 202, answer).body());
        if (!id.find()) {
            throw new IOException("a purge without an id: " + answer);
        }
        return id.group(1);
    }

    /** Answers with how many entries were swept, be there more. */
    private String awaitEnd(String id, Duration most) throws IOException {
        long start = System.nanoTime();
        while (true) {
            Answer answer = service.send("GET", "/api/v1/cache/purges/" + id, identity.token(), "", NOTHING);
            Matcher stage = STAGE.matcher(answer.body());
            boolean told = stage.find();
            if (told && (stage.group(1).equals("done") || System.nanoTime() - start > most.toNanos())) {
                return stage.group(2);
            }
            pause(Duration.ofMillis(100));
        }
    }

    private SteadyCaller.Call redisCall() throws IOException {
        RedisWire wire = new RedisWire(redisPort);
        String name = name("others", "known") + '}';
        return () -> wire.get(name);
    }

    private SteadyCaller.Call serviceCall(String key, int one, int other) throws IOException {
        HttpWire wire = new HttpWire(servicePort);
        CallerIdentity caller = new CallerIdentity(secret, InstantSource.system());
        return () ->
                expect(one, other, wire.send("GET", NAMESPACES + "others/keys/" + key, caller.token(), "", NOTHING));
    }

    private void print(String name, Waits calm, Waits meanwhile) {
        out.printf("%-26s %12s %9s %9s %9s %9s%n", name, "calls", "p50 ms", "p99", "p99.9", "most");
        for (Waits waits : List.of(calm, meanwhile)) {
            out.printf(
                    "%26s %12d %9.3f %9.3f %9.3f %9.3f%n",
                    waits == calm ? "before" : "meanwhile",
                    waits.count(),
                    waits.quantile(0.5),
                    waits.quantile(0.99),
                    waits.quantile(0.999),
                    waits.quantile(1));
        }
        out.printf("%26s %12s %9.2f %9.2f%n", "ratio", "", ratio(calm, meanwhile, 0.5), ratio(calm, meanwhile, 0.99));
    }

    private static double ratio(Waits calm, Waits meanwhile, double part) {
        return meanwhile.quantile(part) / calm.quantile(part);
    }

    private static Answer expect(int one, int other, Answer answer) throws IOException {
        if (answer.status() != one && answer.status() != other) {
            throw new IOException("unexpected: " + answer);
        }
        return answer;
    }

    /** Without the brace at its end. */
    private static String name(String namespace, String key) {
        return "c:{" + CallerIdentity.TENANT + ':' + namespace + ':' + key;
    }

    private static double cpuSeconds(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[CPU_FIELD]) + Long.parseLong(fields[CPU_FIELD + 1])) / 100.0;
    }

    private static void pause(Duration pause) {
        LockSupport.parkNanos(pause.toNanos());
    }
}
