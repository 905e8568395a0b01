package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tier's rate is kept to the request, and what a caller is told about it is true. */
class LimitIT {

    private static final int REQUESTS = 200;
    private static final String ROUTE = "/api/v1/tiers/free";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final FurtherGateway GATEWAY = FurtherGateway.startPatient(Platform.shared());

    private final Client free = GATEWAY.like(Tenants.newClient(Platform.shared(), "free"));

    @AfterAll
    static void stopGateway() {
        GATEWAY.close();
    }

    /** The gateway takes keys, tenants and tiers from the log. To ask for the limits costs nothing. */
    @BeforeEach
    void awaitLimits() {
        GATEWAY.awaitReady();
        await().atMost(PATIENCE).until(() -> free.get("/api/v1/limits").text().contains("\"rate\""));
    }

    @Test
    void admitsTheBurstAndWhatTimeAddsAndNotOneMore() throws InterruptedException, ExecutionException {
        Client.Answer first = free.get(ROUTE);
        long start = System.nanoTime();
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        long quota = parameter(first.header("RateLimit-Policy"), "q");
        long burst = parameter(first.header("RateLimit-Policy"), "sluice-burst");
        List<Client.Answer> answers = sendAtOnce();
        double seconds = (System.nanoTime() - start) / 1e9;
        long admitted =
                1 + answers.stream().filter(answer -> answer.status() == 200).count();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 429));
        assertThat(admitted).isGreaterThanOrEqualTo(burst).isLessThanOrEqualTo((long) (burst + quota * seconds) + 1);
    }

    @Test
    void saysWhyAndUntilWhenAndLetsOthersPass() throws InterruptedException, ExecutionException {
        Client.Answer refused = sendAtOnce().stream()
                .filter(answer -> answer.status() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(refused.header("RateLimit")).contains(";r=0");
        assertThat(refused.json().path("violated-policies").get(0).asString()).isEqualTo("rate");
        assertThat(refused.json().path("detail").asString()).contains("second");
        assertThat(GATEWAY.like(Platform.shared().client("premium")).get(ROUTE).status())
                .isEqualTo(200);
        await().until(() -> free.get(ROUTE).status() == 200);
    }

    @Test
    void askingWhatIsLeftCostsNothing() {
        Client.Answer before = free.get("/api/v1/limits");
        Client.Answer after = free.get("/api/v1/limits");
        assertThat(before.status()).as(before.text()).isEqualTo(200);
        assertThat(after.json().path("limits").path(0).path("used").asLong(-1)).isZero();
    }

    private List<Client.Answer> sendAtOnce() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Client.Answer>> requests = Stream.generate(
                            () -> (Callable<Client.Answer>) () -> free.get(ROUTE))
                    .limit(REQUESTS)
                    .toList();
            List<Client.Answer> answers = new ArrayList<>();
            for (Future<Client.Answer> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static long parameter(String policies, String name) {
        return Stream.of(policies.split(",", -1))
                .filter(policy -> policy.strip().startsWith("\"rate\""))
                .flatMap(policy -> Stream.of(policy.split(";", -1)))
                .filter(parameter -> parameter.startsWith(name + "="))
                .mapToLong(parameter -> Long.parseLong(parameter.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + policies));
    }
}
