package dev.sluice.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.platform.test.FakeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedServiceTest {

    /** Short, so that tests are quick; the lengths themselves are the policy's own tests. */
    private static final RestartPolicy POLICY =
            new RestartPolicy(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMinutes(1));

    @TempDir
    private Path folder;

    private final List<ServiceStatus> history = new CopyOnWriteArrayList<>();
    private final AtomicReference<Optional<String>> obstacle = new AtomicReference<>(Optional.empty());
    private Optional<SupervisedService> running = Optional.empty();

    @AfterEach
    void stop() throws InterruptedException {
        if (running.isPresent()) {
            running.get().stop();
        }
    }

    @Test
    void getsReadyOnceItsProbeSaysSo() {
        obstacle.set(Optional.of("waits for Kafka"));
        SupervisedService service = supervise("sleep 600");
        var ready = service.ready();
        var outcome = service.start();
        await().until(() -> "waits for Kafka".equals(service.status().detail()));
        assertThat(outcome).isNotDone();
        assertThat(ready).isNotDone();
        obstacle.set(Optional.empty());
        ready.join();
        assertThat(outcome.join().phase()).isEqualTo(ServicePhase.READY);
        assertThat(isAlive(service.status().pid())).isTrue();
    }

    @Test
    void startsAKilledProcessAgain() {
        SupervisedService service = supervise("sleep 600");
        long first = service.start().join().pid();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().until(() -> service.status().restarts() == 1 && service.status().phase() == ServicePhase.READY);
        assertThat(service.status().pid()).isNotEqualTo(first);
        assertThat(history)
                .filteredOn(status -> status.phase() == ServicePhase.BACKING_OFF)
                .singleElement()
                .satisfies(status -> assertThat(status.detail()).isEqualTo("ended with status 137"));
    }

    @Test
    void givesUpWhenItDiesBeforeItWasEverReady() {
        obstacle.set(Optional.of("not yet"));
        ServiceStatus outcome = supervise("exit 7").start().join();
        assertThat(outcome.phase()).isEqualTo(ServicePhase.FAILED);
        assertThat(outcome.detail()).isEqualTo("ended with status 7 while starting");
        assertThat(running.orElseThrow().ready()).isNotDone();
    }

    @Test
    void givesUpWhenItsCommandDoesNotExist() {
        ServiceBlueprint blueprint = blueprint(() -> {
            throw new IOException("no such file");
        });
        assertThat(supervise(blueprint).start().join().detail()).contains("no such file");
    }

    @Test
    void givesUpWhenItIsNotReadyInTime() {
        obstacle.set(Optional.of("waits for Redis"));
        ServiceBlueprint patient = blueprint(() -> run("sleep 600"));
        ServiceBlueprint hasty = new ServiceBlueprint(
                "sleeper", patient.starter(), patient.probe(), List.of(), Duration.ZERO, Duration.ofSeconds(5));
        ServiceStatus outcome = supervise(hasty).start().join();
        assertThat(outcome.phase()).isEqualTo(ServicePhase.FAILED);
        assertThat(outcome.detail()).contains("waits for Redis");
    }

    @Test
    void leavesNoProcessBehindWhenStopped() throws InterruptedException {
        SupervisedService service = supervise("sleep 600");
        long pid = service.start().join().pid();
        service.stop();
        assertThat(isAlive(pid)).isFalse();
        assertThat(service.status().phase()).isEqualTo(ServicePhase.STOPPED);
    }

    @Test
    void killsWhatDoesNotEndByItself() throws InterruptedException {
        ServiceBlueprint stubborn = new ServiceBlueprint(
                "stubborn",
                () -> run("trap '' TERM; echo ready; while :; do sleep 1; done"),
                () -> printedReady() ? Optional.empty() : Optional.of("not yet"),
                List.of(),
                Duration.ofSeconds(30),
                Duration.ofMillis(50));
        SupervisedService service = supervise(stubborn);
        long pid = service.start().join().pid();
        service.stop();
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void canBeStoppedWhileItStarts() throws InterruptedException {
        obstacle.set(Optional.of("never"));
        SupervisedService service = supervise("sleep 600");
        var outcome = service.start();
        await().until(() -> service.status().pid() != 0);
        service.stop();
        assertThat(outcome.join().phase()).isEqualTo(ServicePhase.STOPPED);
    }

    private SupervisedService supervise(String script) {
        return supervise(blueprint(() -> run(script)));
    }

    private SupervisedService supervise(ServiceBlueprint blueprint) {
        SupervisedService service = new SupervisedService(blueprint, POLICY, FakeClock.fixed(), history::add);
        running = Optional.of(service);
        return service;
    }

    private ServiceBlueprint blueprint(ServiceBlueprint.ProcessStarter starter) {
        return new ServiceBlueprint(
                "sleeper", starter, obstacle::get, List.of(), Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    private LocalProcess run(String script) throws IOException {
        return LocalProcess.start(List.of("/bin/sh", "-c", script), Map.of(), folder, folder.resolve("out"));
    }

    private boolean printedReady() {
        return folder.resolve("out").toFile().length() > 0;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
