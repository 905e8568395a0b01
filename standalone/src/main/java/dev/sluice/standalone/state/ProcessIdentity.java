package dev.sluice.standalone.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process id together with its start: the id alone may since belong to a stranger.
 *
 * @param startedAt when it started, for people; moves when the clock is set
 * @param startMark the boot and its clock tick at which the process started, as Linux tells them; null on other systems,
 *     where only the time tells one process from another
 */
public record ProcessIdentity(
        long pid, Instant startedAt, @Nullable String startMark) {

    /** The system derives start times from a boot time that it rounds to seconds. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final Path PROC = Path.of("/proc");

    /** Counted after the command's name, which is in brackets and may hold anything. */
    private static final int START_TICK = 19;

    public static Optional<ProcessIdentity> of(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().startInstant())
                .map(startedAt -> new ProcessIdentity(pid, startedAt, startMarkOf(pid)));
    }

    public static ProcessIdentity ofThisProcess() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("this system does not tell when processes started"));
    }

    /** The process, if it still runs and is the same one. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    /** By the tick where there is one: a start time that is worked out again after the clock was set is another. */
    private boolean isSame(ProcessHandle handle) {
        if (startMark != null) {
            return startMark.equals(startMarkOf(pid));
        }
        return handle.info()
                .startInstant()
                .filter(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
                .isPresent();
    }

    private static @Nullable String startMarkOf(long pid) {
        try {
            String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id"));
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), ISO_8859_1);
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return boot.strip() + "/" + afterName[START_TICK];
        } catch (IOException e) {
            return null;
        }
    }
}
