package dev.sluice.standalone.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A process id together with its start time: the id alone may since belong to a stranger. */
public record ProcessIdentity(long pid, Instant startedAt) {

    /** The system derives start times from a boot time that it rounds to seconds. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    public static Optional<ProcessIdentity> of(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().startInstant())
                .map(startedAt -> new ProcessIdentity(pid, startedAt));
    }

    public static ProcessIdentity ofThisProcess() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("this system does not tell when processes started"));
    }

    /** The process, if it still runs and is the same one. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .filter(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
                .isPresent();
    }
}
