package dev.sluice.standalone.command;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.Console;
import dev.sluice.standalone.Sluice;
import dev.sluice.standalone.platform.Installation;
import dev.sluice.standalone.platform.PlatformPhase;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A second launcher in the background that runs the platform, watched until it is ready. */
final class DetachedLauncher {

    private static final int POLL_MILLIS = 100;

    private DetachedLauncher() {}

    /** Repeats on this console what the other launcher prints; false when it ended before all was ready. */
    static boolean startAndAwaitReady(StateFolder folder, List<String> ports, boolean fresh, Console console)
            throws IOException, InterruptedException {
        folder.create();
        Path output = folder.root().resolve("launcher.log");
        Files.deleteIfExists(output);
        LocalProcess launcher = LocalProcess.startDetached(command(folder, ports, fresh), folder.root(), output);
        return awaitReady(launcher, folder, output, console);
    }

    /** What it prints after its run record says that all is ready is not waited for, so the last word is said here. */
    static boolean awaitReady(LocalProcess launcher, StateFolder folder, Path output, Console console)
            throws IOException {
        long start = System.nanoTime();
        LogFollower follower = new LogFollower(output, console);
        while (true) {
            boolean ended = hasEnded(launcher);
            boolean ready = isReady(folder, launcher.pid());
            follower.showNew();
            if (ready) {
                console.line(UpCommand.readySince(start));
                return true;
            }
            if (ended) {
                console.problem("The launcher in the background ended (status %d) before all was ready; its output: %s"
                        .formatted(launcher.onExit().join(), output));
                return false;
            }
        }
    }

    private static List<String> command(StateFolder folder, List<String> ports, boolean fresh) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-D" + Installation.HOME_PROPERTY))
                .toList());
        command.add("-D" + Installation.HOME_PROPERTY + "="
                + Installation.ofThisCheckout().home());
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Sluice.class.getName(), "up", UpCommand.BACKGROUND));
        command.addAll(List.of("--state", folder.root().toString()));
        command.addAll(ports);
        if (fresh) {
            command.add("--fresh");
        }
        return command;
    }

    private static boolean hasEnded(LocalProcess launcher) {
        try {
            launcher.onExit().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static boolean isReady(StateFolder folder, long pid) {
        return RunRecord.find(folder)
                .filter(record -> record.launcher().pid() == pid && record.phase() == PlatformPhase.READY)
                .isPresent();
    }
}
