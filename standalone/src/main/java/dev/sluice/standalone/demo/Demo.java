package dev.sluice.standalone.demo;

import dev.sluice.standalone.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs the steps against a running platform and tells what each one saw. A step during which a process was restarted
 * and that did not pass is run once more on fresh names: a batch of read records dies with the process that holds it.
 */
public final class Demo {

    private static final int EVENTS = 300;
    private static final int RETRIED_EVENTS = 20;
    private static final int TRIES = 3;
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);

    private final DemoTarget target;
    private final RandomGenerator random;
    private final Console console;

    public Demo(DemoTarget target, RandomGenerator random, Console console) {
        this.target = target;
        this.random = random;
        this.console = console;
    }

    /** Returns whether every check of every step passed. */
    public boolean run() {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            ApiClient premium = new ApiClient(target.gateway(), target.key("dev-premium"));
            ApiClient unlimited = new ApiClient(target.gateway(), target.key("dev-unlimited"));
            ApiClient free = new ApiClient(target.gateway(), target.key("dev-free"));
            List<Supplier<DemoStep>> steps = List.of(
                    () -> new WebhookStep(unlimited, receiver, name(), EVENTS, RETRIED_EVENTS, this::progress),
                    () -> new CacheStep(premium, "demo-" + name(), this::progress),
                    () -> new LimitStep(free),
                    () -> new TierStep(target, console),
                    () -> new ProductStep(target, "demo-" + name()),
                    () -> new PrometheusStep(target.actuators()));
            List<Check> failed = new ArrayList<>();
            int number = 1;
            for (Supplier<DemoStep> step : steps) {
                failed.addAll(runStep(number++, step));
            }
            return verdict(failed);
        }
    }

    private List<Check> runStep(int number, Supplier<DemoStep> step) {
        List<Check> failed = List.of();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            int restartsBefore = target.restarts().getAsInt();
            DemoStep current = step.get();
            console.line("");
            console.line(number + ". " + current.title());
            failed = report(runSafely(current));
            if (failed.isEmpty() || attempt == TRIES || !lostProcess(restartsBefore)) {
                return failed;
            }
            console.line("   A process was lost meanwhile; the step runs again when all are ready.");
            Waiting.until(RECOVERY_LIMIT, target.ready());
        }
        return failed;
    }

    /** A process that is down now has not been restarted yet. */
    private boolean lostProcess(int restartsBefore) {
        return !target.ready().getAsBoolean() || target.restarts().getAsInt() != restartsBefore;
    }

    private static List<Check> runSafely(DemoStep step) {
        try {
            return step.run();
        } catch (DemoFailedException e) {
            return List.of(Check.that(String.valueOf(e.getMessage()), false, "stopped here"));
        }
    }

    private List<Check> report(List<Check> checks) {
        for (Check check : checks) {
            console.line("   %s %-46s %s".formatted(check.passed() ? "ok  " : "FAIL", check.name(), check.figure()));
        }
        return checks.stream().filter(check -> !check.passed()).toList();
    }

    private boolean verdict(List<Check> failed) {
        console.line("");
        if (failed.isEmpty()) {
            console.line("Everything was verified.");
            return true;
        }
        console.line(failed.size() + " checks failed: "
                + String.join("; ", failed.stream().map(Check::name).toList()));
        return false;
    }

    private void progress(String line) {
        console.line("   … " + line);
    }

    private String name() {
        return Long.toString(random.nextLong(1L << 40), 36);
    }
}
