package dev.sluice.platform.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child process in a session of its own: Ctrl-C in the terminal reaches its parent only, which then stops its
 * children in its own order. Thread-safe.
 */
public final class LocalProcess {

    private final Process process;

    private LocalProcess(Process process) {
        this.process = process;
    }

    /** Appends both output streams to the log file; standard input is a pipe that closes when this JVM ends. */
    public static LocalProcess start(
            List<String> command, Map<String, String> environment, Path directory, @Nullable Path logFile)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(OwnSession.wrap(command)).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                logFile == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        return new LocalProcess(builder.start());
    }

    /** A process that goes on after this JVM has ended: nothing connects the two. */
    public static LocalProcess startDetached(List<String> command, Path directory, Path logFile) throws IOException {
        return new LocalProcess(new ProcessBuilder(OwnSession.wrap(command))
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit status. */
    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Asks the process to end, and kills it when it has not done so within the grace. Returns once it is gone. */
    public void stop(Duration grace) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
            kill();
        }
    }

    /** Ends the process at once (SIGKILL). Returns once it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Freezes the process: its sockets stay open and nothing answers. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(pid())));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("cannot send SIG%s to process %d".formatted(name, pid()));
        }
    }
}
