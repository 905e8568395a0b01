package dev.sluice.standalone.supervise;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of one supervised service and its transitions; a pure value.
 *
 * @param pid the process, 0 when there is none
 * @param processStartedAt tells the process from a later one with the same id
 * @param restarts how often it was started again since the platform came up
 * @param failures deaths in a row without a stable time between them
 */
public record ServiceStatus(
        String name,
        ServicePhase phase,
        long pid,
        @Nullable Instant processStartedAt,
        @Nullable Instant readySince,
        int restarts,
        int failures,
        @Nullable Instant nextStartAt,
        @Nullable String detail) {

    public static ServiceStatus waiting(String name) {
        return new ServiceStatus(name, ServicePhase.WAITING, 0, null, null, 0, 0, null, null);
    }

    public ServiceStatus started(long newPid, Instant startedAt) {
        int newRestarts = phase == ServicePhase.BACKING_OFF ? restarts + 1 : restarts;
        return new ServiceStatus(
                name, ServicePhase.STARTING, newPid, startedAt, null, newRestarts, failures, null, null);
    }

    public ServiceStatus waitingFor(String reason) {
        return new ServiceStatus(
                name, phase, pid, processStartedAt, readySince, restarts, failures, nextStartAt, reason);
    }

    public ServiceStatus ready(Instant now) {
        return new ServiceStatus(name, ServicePhase.READY, pid, processStartedAt, now, restarts, failures, null, null);
    }

    /** After a death: the next start and why it is waited for. */
    public ServiceStatus died(String reason, Instant now, RestartPolicy policy) {
        boolean wasStable = readySince != null && policy.isStable(Duration.between(readySince, now));
        int newFailures = wasStable ? 1 : failures + 1;
        return new ServiceStatus(
                name,
                ServicePhase.BACKING_OFF,
                0,
                null,
                null,
                restarts,
                newFailures,
                now.plus(policy.delayAfter(newFailures)),
                reason);
    }

    public ServiceStatus failed(String reason) {
        return new ServiceStatus(name, ServicePhase.FAILED, 0, null, null, restarts, failures, null, reason);
    }

    public ServiceStatus stopping() {
        return new ServiceStatus(
                name, ServicePhase.STOPPING, pid, processStartedAt, null, restarts, failures, null, null);
    }

    public ServiceStatus stopped() {
        return new ServiceStatus(name, ServicePhase.STOPPED, 0, null, null, restarts, failures, null, null);
    }
}
