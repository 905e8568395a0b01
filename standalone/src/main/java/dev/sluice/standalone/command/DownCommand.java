package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.RunRecord;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a running platform from another terminal. */
@Command(name = "down", description = "Stop everything in order; data stays.")
public final class DownCommand implements Callable<Integer> {

    /** Three groups with 30 s at most each, and some. */
    private static final int PATIENCE_SECONDS = 120;

    @Mixin
    private final StateOption state = new StateOption();

    private final Console console;

    public DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ProcessHandle> launcher = RunRecord.find(state.folder())
                .flatMap(record -> record.launcher().find());
        if (launcher.isEmpty()) {
            console.line("Nothing runs in " + state.folder().root());
            return 0;
        }
        console.line("Stopping (process %d) …".formatted(launcher.get().pid()));
        launcher.get().destroy();
        ProcessHandle ended = launcher.get()
                .onExit()
                .completeOnTimeout(launcher.get(), PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        if (ended.isAlive()) {
            console.problem("The launcher still runs after %d s; see ./sluice status".formatted(PATIENCE_SECONDS));
            return 1;
        }
        console.line("Stopped.");
        return 0;
    }
}
