package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several gateways keep a limit together: to the request while Redis is up, and while it is away within what decision 0006
 * promises, without an error for anybody.
 */
class SharedLimitIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ROUTE = "/api/v1/tiers/free";
    private static final int GATEWAYS = 3;

    /** Of a month, so that no window ends in the midst of a test. */
    private static final int QUOTA = 150;

    private static final int RATE = 10;
    private static final int BURST = 5;

    /** Each gateway is asked 20 times a second by each of two tenants: one alone for more than the rate admits. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Platform PLATFORM = Platform.shared();
    private static final List<FurtherGateway> FURTHER = new ArrayList<>();
    private static final List<Meters> METERS = new ArrayList<>();

    @BeforeAll
    static void startTwoMore() {
        for (int i = 1; i < GATEWAYS; i++) {
            FURTHER.add(FurtherGateway.startPatient(PLATFORM));
        }
        METERS.add(new Meters(PLATFORM.managementAddress("api-gateway")));
        FURTHER.forEach(gateway -> METERS.add(gateway.awaitReady().meters()));
        // Each divides a limit by as many as it knows of; one that was killed before counts among them for a while.
        awaitAll("sluice_limit_gateways", GATEWAYS);
    }

    @AfterAll
    static void stopThem() {
        FURTHER.forEach(FurtherGateway::close);
    }

    /** From 1,000 on a limit is spent out of leases; each request under a smaller one is a call of Redis. */
    @ParameterizedTest
    @ValueSource(ints = {60, 1_000})
    void admitsTheLimitOnTwoGatewaysTogetherAndNotOneMore(int quota) throws InterruptedException, ExecutionException {
        Client owner = Tenants.newClientWith(PLATFORM, "\"window\":\"month\",\"quota\":" + quota);
        List<Client> clients =
                FURTHER.stream().map(gateway -> gateway.like(owner)).toList();
        clients.forEach(SharedLimitIT::awaitLimitKnown);
        int admitted = 0;
        int inTurn;
        do {
            inTurn = admittedOf(quota / 2, clients);
            admitted += inTurn;
        } while (inTurn > 0);
        assertThat(admitted).isEqualTo(quota);
    }

    @Test
    void keepsTheLimitWhileRedisIsPausedAndAsksItForNothing() {
        long redis = PLATFORM.processId("redis");
        tryWithout(load -> {
            signal("STOP", redis);
            try {
                awaitAll("sluice_limit_redis_away", 1);
                // Those that were on their way.
                awaitMore(load, 2);
                List<Double> asked = callsOfRedis();
                // Until each has spent its part of what was left of the month.
                List<Long> refused = IntStream.range(0, GATEWAYS)
                        .mapToObj(client -> load.count(client, 429))
                        .toList();
                await().atMost(PATIENCE)
                        .until(() -> IntStream.range(0, GATEWAYS)
                                .allMatch(client -> load.count(client, 429) > refused.get(client)));
                // Who asks nothing waits for nothing.
                assertThat(callsOfRedis()).isEqualTo(asked);
            } finally {
                signal("CONT", redis);
            }
        });
    }

    @Test
    void keepsTheLimitWhileRedisIsKilledAndStartedAgain() {
        AtomicLong killed = new AtomicLong();
        tryWithout(load -> {
            killed.set(PLATFORM.kill("redis"));
            awaitAll("sluice_limit_redis_away", 1);
            awaitMore(load, 2);
        });
        await().atMost(PATIENCE).until(() -> PLATFORM.isReadyAgain("redis", killed.get()));
    }

    /** Asks all gateways on behalf of two tenants, before, while and after Redis is away, and counts what they admit. */
    private static void tryWithout(Consumer<Load> outage) {
        List<Client> clients = new ArrayList<>(everywhere("\"window\":\"month\",\"quota\":" + QUOTA));
        clients.addAll(everywhere("\"window\":\"second\",\"quota\":%d,\"burst\":%d".formatted(RATE, BURST)));
        long start = System.nanoTime();
        Load load = Load.start(clients, ROUTE, PAUSE);
        try (load) {
            await().atMost(PATIENCE).until(() -> admitted(load, 0) >= QUOTA / 4);
            outage.accept(load);
            awaitAll("sluice_limit_redis_away", 0);
            // What is left is admitted now.
            awaitMore(load, 10);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(load.statuses()).containsOnly(200, 429);
        // The bounds of decision 0006: of N gateways (N - 1)/N of a quota more, and of a rate a burst each.
        assertThat(admitted(load, 0)).isLessThanOrEqualTo(QUOTA + QUOTA * (GATEWAYS - 1) / GATEWAYS);
        assertThat(admitted(load, GATEWAYS)).isLessThanOrEqualTo((long) (BURST + RATE * seconds) + GATEWAYS * BURST);
    }

    /** Of the tenant whose clients begin there. */
    private static long admitted(Load load, int first) {
        return IntStream.range(first, first + GATEWAYS)
                .mapToLong(client -> load.count(client, 200))
                .sum();
    }

    /** Until every client was answered so often once more. */
    private static void awaitMore(Load load, int answers) {
        List<Long> before =
                IntStream.range(0, load.clients()).mapToObj(load::count).toList();
        await().atMost(PATIENCE)
                .until(() -> IntStream.range(0, load.clients())
                        .allMatch(client -> load.count(client) >= before.get(client) + answers));
    }

    /** How many of so many requests were admitted, which the clients send in turns and several at a time. */
    private static int admittedOf(int requests, List<Client> clients) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> tasks = IntStream.range(0, requests)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> clients.get(i % clients.size()).get(ROUTE).status())
                    .toList();
            int admitted = 0;
            for (Future<Integer> status : threads.invokeAll(tasks)) {
                assertThat(status.get()).isIn(200, 429);
                admitted += status.get() == 200 ? 1 : 0;
            }
            return admitted;
        }
    }

    /** Clients of all gateways with the key of a new tenant that has this limit. */
    private static List<Client> everywhere(String limit) {
        Client owner = Tenants.newClientWith(PLATFORM, limit);
        List<Client> clients = Stream.concat(Stream.of(owner), FURTHER.stream().map(gateway -> gateway.like(owner)))
                .toList();
        clients.forEach(SharedLimitIT::awaitLimitKnown);
        return clients;
    }

    /** A gateway takes keys, tenants and tiers from the log, each by itself. To ask for the limits costs nothing. */
    private static void awaitLimitKnown(Client client) {
        await().atMost(PATIENCE)
                .until(() -> client.get("/api/v1/limits")
                        .json()
                        .path("limits")
                        .path(0)
                        .path("name")
                        .asString("")
                        .equals("all"));
    }

    private static List<Double> callsOfRedis() {
        return METERS.stream()
                .map(meters -> meters.sum("sluice_limit_script_calls_total", "kind=\"decide\"")
                        + meters.sum("sluice_limit_script_calls_total", "kind=\"lease\""))
                .toList();
    }

    private static void awaitAll(String meter, double value) {
        await().atMost(PATIENCE).until(() -> METERS.stream().allMatch(meters -> meters.sum(meter, "") == value));
    }

    private static void signal(String name, long process) {
        Command.run(Path.of("."), Map.of(), List.of("kill", "-" + name, Long.toString(process)))
                .requireSuccess();
    }
}
