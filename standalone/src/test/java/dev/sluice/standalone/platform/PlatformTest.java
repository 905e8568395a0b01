package dev.sluice.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.supervise.ReadinessProbe;
import dev.sluice.standalone.supervise.RestartPolicy;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import dev.sluice.standalone.supervise.ServicePhase;
import dev.sluice.standalone.supervise.ServiceStatus;
import dev.sluice.standalone.supervise.SupervisedService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With processes that do nothing in the places of the real ones. */
class PlatformTest {

    private static final ReadinessProbe AT_ONCE = Optional::empty;

    @TempDir
    private Path folder;

    private final List<String> history = new CopyOnWriteArrayList<>();
    private Optional<Platform> running = Optional.empty();

    @AfterEach
    void stop() throws InterruptedException {
        if (running.isPresent()) {
            running.get().stop();
        }
    }

    /** The log takes ten questions to get ready: time enough for the others to start if nothing held them back. */
    @Test
    void startsTheOthersOnceTheLogIsReady() {
        List<String> questions = new CopyOnWriteArrayList<>();
        Platform platform = platform("sleep 600", () -> {
            questions.add("kafka");
            return questions.size() < 10 ? Optional.of("not yet") : Optional.empty();
        });
        platform.start();
        int logReady = history.indexOf("kafka READY");
        assertThat(logReady).isNotNegative();
        assertThat(history.subList(0, logReady)).noneMatch(PlatformTest::isOfTheOthers);
        assertThat(history).contains("cache-service READY", "api-gateway READY");
    }

    @Test
    void startsWhatIsEarlyWhileTheLogStarts() {
        Platform platform = platform(
                "sleep 600",
                () -> history.contains("api-gateway READY") ? Optional.empty() : Optional.of("the gateway is not up"));
        platform.start();
        assertThat(history).contains("kafka READY", "cache-service READY");
    }

    @Test
    void startsNoneOfTheOthersWithoutTheLog() {
        Platform platform = platform("exit 3", () -> Optional.of("not yet"));
        assertThatThrownBy(platform::start)
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("kafka")
                .hasMessageContaining("ended with status 3");
        assertThat(history).noneMatch(PlatformTest::isOfTheOthers);
    }

    @Test
    void stopsWhatTakesRequestsFirstAndTheLogLast() throws InterruptedException {
        Platform platform = platform("sleep 600", AT_ONCE);
        platform.start();
        platform.stop();
        await().until(() -> history.contains("kafka STOPPED"));
        assertThat(history.stream().filter(line -> line.endsWith(ServicePhase.STOPPED.name())))
                .containsExactly("api-gateway STOPPED", "cache-service STOPPED", "kafka STOPPED");
    }

    private Platform platform(String log, ReadinessProbe logProbe) {
        SupervisedService gateway = service("api-gateway", "sleep 600", AT_ONCE);
        Platform platform = new Platform(
                List.of(
                        List.of(gateway),
                        List.of(service("cache-service", "sleep 600", AT_ONCE)),
                        List.of(service("kafka", log, logProbe))),
                List.of(gateway));
        running = Optional.of(platform);
        return platform;
    }

    private SupervisedService service(String name, String script, ReadinessProbe probe) {
        ServiceBlueprint blueprint = new ServiceBlueprint(
                name,
                () -> LocalProcess.start(List.of("/bin/sh", "-c", script), Map.of(), folder, folder.resolve(name)),
                probe,
                List.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5));
        return new SupervisedService(blueprint, RestartPolicy.STANDARD, FakeClock.fixed(), this::note);
    }

    private void note(ServiceStatus status) {
        history.add(status.name() + " " + status.phase());
    }

    private static boolean isOfTheOthers(String line) {
        return line.startsWith("cache-service") && !line.endsWith(ServicePhase.WAITING.name());
    }
}
