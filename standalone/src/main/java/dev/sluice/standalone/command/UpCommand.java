package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.PlatformRun;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.platform.RunningPlatform;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the platform and stays until Ctrl-C, or returns once it is ready. */
@Command(name = "up", description = "Start Kafka, Redis and the four services, and wait until all are ready.")
public final class UpCommand implements Callable<Integer> {

    static final String BACKGROUND = "--background";

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final PortOptions ports = new PortOptions();

    @Option(
            names = "--detach",
            description = "Return when everything is ready, and leave it running in the background.")
    private boolean detach;

    @Option(names = "--fresh", description = "First delete all data, logs and keys of earlier runs.")
    private boolean fresh;

    @Option(names = BACKGROUND, hidden = true, description = "Being the one that --detach leaves running.")
    private boolean background;

    private final Console console;
    private final InstantSource clock;

    public UpCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<RunRecord> running = RunRecord.find(state.folder()).filter(RunRecord::isLive);
        if (running.isPresent()) {
            return tellOfRunning(running.get());
        }
        return detach ? startDetached() : runHere();
    }

    private int tellOfRunning(RunRecord running) throws IOException {
        console.line("Sluice already runs (process %d, %s)."
                .formatted(running.launcher().pid(), running.phase().name().toLowerCase(Locale.ROOT)));
        Optional<RunningPlatform> ready = RunningPlatform.find(state.folder());
        ready.ifPresent(platform -> Welcome.show(platform, state.hint(), console));
        console.line("See ./sluice status%1$s; end it with ./sluice down%1$s.".formatted(state.hint()));
        return ready.isPresent() ? 0 : 1;
    }

    private int startDetached() throws IOException, InterruptedException {
        StateFolder folder = state.folder();
        if (!DetachedLauncher.startAndAwaitReady(folder, ports.arguments(), fresh, console)) {
            return 1;
        }
        RunningPlatform.find(folder).ifPresent(platform -> Welcome.show(platform, state.hint(), console));
        console.line("It runs in the background: ./sluice logs -f%1$s follows it, ./sluice down%1$s ends it."
                .formatted(state.hint()));
        return 0;
    }

    private int runHere() throws IOException, InterruptedException {
        long start = System.nanoTime();
        PlatformRun run = PlatformRun.claim(
                Installation.ofThisCheckout(), state.folder(), ports.ports(), clock, console, Set.of());
        Thread closing = Thread.ofPlatform().name("stop").unstarted(run::close);
        Runtime.getRuntime().addShutdownHook(closing);
        if (fresh) {
            run.dropData();
        }
        console.line("Starting Sluice in " + state.folder().root());
        RunningPlatform platform = run.start();
        // Whoever waits for the one in the background watches its record, and would miss what it says after that.
        if (!background) {
            console.line(readySince(start));
            Welcome.show(platform, state.hint(), console);
            console.line("Ctrl-C stops everything.");
        }
        new CountDownLatch(1).await();
        return 0;
    }

    static String readySince(long start) {
        return String.format(Locale.ROOT, "Ready after %.1f s.", (System.nanoTime() - start) / 1e9);
    }
}
