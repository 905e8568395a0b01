package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.demo.DemoTarget.Company;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TierStepTest {

    /** In a second, 40, 50, 60 and 70 are asked for. */
    private static final Duration LENGTH = Duration.ofSeconds(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void passesWhenEveryTierIsHeldToItsLimits() throws IOException {
        try (FakeGateway gateway =
                new FakeGateway(Map.of("free", 10, "basic", 30, "premium", 200, "unlimited", 1_000))) {
            assertThat(run(gateway)).allMatch(Check::passed);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.strip().split(" {2,}"))
                        .filter(cells -> cells.length == 7)
                        .map(cells -> String.join(" ", List.of(cells).subList(0, 4))))
                .containsExactly(
                        "TIER SENT ADMITTED 429",
                        "free 40 10 30",
                        "basic 50 30 20",
                        "premium 60 60 0",
                        "unlimited 70 70 0");
    }

    @Test
    void failsWhenUnlimitedIsRefused() throws IOException {
        try (FakeGateway gateway = new FakeGateway(Map.of("free", 10, "basic", 30, "premium", 200, "unlimited", 60))) {
            assertThat(run(gateway).stream().filter(check -> !check.passed()).map(Check::name))
                    .containsExactly("unlimited was refused none");
        }
    }

    @Test
    void asksOnForFreeUntilItIsRefused() throws IOException {
        try (FakeGateway gateway =
                new FakeGateway(Map.of("free", 60, "basic", 30, "premium", 200, "unlimited", 1_000))) {
            assertThat(run(gateway)).allMatch(Check::passed);
        }
    }

    @Test
    void measuresAgainWhenRedisWasLate() throws IOException {
        try (FakeGateway gateway =
                new FakeGateway(Map.of("free", 10, "basic", 30, "premium", 200, "unlimited", 1_000))) {
            gateway.decideAlone(100);

            assertThat(run(gateway)).allMatch(Check::passed);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Redis was late for 100 decisions");
    }

    @Test
    void writesNothingButTextWhereThereIsNoTerminal() throws IOException {
        try (FakeGateway gateway =
                new FakeGateway(Map.of("free", 10, "basic", 30, "premium", 200, "unlimited", 1_000))) {
            run(gateway);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b", "\r");
    }

    private List<Check> run(FakeGateway gateway) {
        URI address = gateway.address();
        DemoTarget target = new DemoTarget(
                address,
                Map.of("api-gateway", address.resolve("/actuator")),
                Map.of("dev-free", "f", "dev-basic", "b", "dev-premium", "p", "dev-unlimited", "u"),
                () -> 0,
                () -> true,
                Company.ALONE);
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new TierStep(target, LENGTH, Console.ofStreams(stream, stream)).run();
    }
}
