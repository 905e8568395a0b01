package dev.sluice.standalone.platform;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One line on the console for every change that a user wants to know of. */
final class Progress {

    private final Console console;
    private final InstantSource clock;

    Progress(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    void leftovers(StateFolder state) {
        StaleProcesses.end(state, console);
    }

    void problem(String text) {
        console.problem(text);
    }

    void show(ServiceStatus status) {
        switch (status.phase()) {
            case READY -> line(status, "ready after " + seconds(startOf(status), status.readySince()));
            case BACKING_OFF ->
                line(status, status.detail() + "; starting again in " + seconds(clock.instant(), status.nextStartAt()));
            case STARTING -> {
                if (status.detail() == null) {
                    line(status, status.restarts() == 0 ? "starting" : "starting again, restart " + status.restarts());
                }
            }
            case STOPPING -> line(status, "stopping");
            case STOPPED -> line(status, "stopped");
            case FAILED -> line(status, "failed");
            case WAITING -> {
                // Nothing has happened yet.
            }
        }
    }

    private void line(ServiceStatus status, String text) {
        console.line("  %-20s %s".formatted(status.name(), text));
    }

    private static String seconds(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null) {
            return "a while";
        }
        long tenths = Math.max(0, Duration.between(from, to).toMillis() + 50) / 100;
        return tenths / 10 + "." + tenths % 10 + " s";
    }

    private static @Nullable Instant startOf(ServiceStatus status) {
        return status.process() == null ? null : status.process().startedAt();
    }
}
