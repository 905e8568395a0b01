package dev.sluice.standalone.supervise;

import dev.sluice.standalone.state.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of one supervised service and its transitions; a pure value.
 *
 * @param process null when there is none
 * @param restarts how often it was started again since the platform came up
 * @param failures deaths in a row without a stable time between them
 */
public record ServiceStatus(
        String name,
        ServicePhase phase,
        @Nullable ProcessIdentity process,
        @Nullable Instant readySince,
        int restarts,
        int failures,
        @Nullable Instant nextStartAt,
        @Nullable String detail) {

    /** Id of the process, 0 when there is none. */
    public long pid() {
        return process == null ? 0 : process.pid();
    }

    public static ServiceStatus waiting(String name) {
        return new ServiceStatus(name, ServicePhase.WAITING, null, null, 0, 0, null, null);
    }

    public ServiceStatus started(ProcessIdentity newProcess) {
        int newRestarts = phase == ServicePhase.BACKING_OFF ? restarts + 1 : restarts;
        return new ServiceStatus(name, ServicePhase.STARTING, newProcess, null, newRestarts, failures, null, null);
    }

    public ServiceStatus waitingFor(String reason) {
        return new ServiceStatus(name, phase, process, readySince, restarts, failures, nextStartAt, reason);
    }

    public ServiceStatus ready(Instant now) {
        return new ServiceStatus(name, ServicePhase.READY, process, now, restarts, failures, null, null);
    }

    /** After a death: the next start and why it is waited for. */
    public ServiceStatus died(String reason, Instant now, RestartPolicy policy) {
        boolean wasStable = readySince != null && policy.isStable(Duration.between(readySince, now));
        int newFailures = wasStable ? 1 : failures + 1;
        return new ServiceStatus(
                name,
                ServicePhase.BACKING_OFF,
                null,
                null,
                restarts,
                newFailures,
                now.plus(policy.delayAfter(newFailures)),
                reason);
    }

    public ServiceStatus failed(String reason) {
        return new ServiceStatus(name, ServicePhase.FAILED, null, null, restarts, failures, null, reason);
    }

    public ServiceStatus stopping() {
        return new ServiceStatus(name, ServicePhase.STOPPING, process, null, restarts, failures, null, null);
    }

    public ServiceStatus stopped() {
        return new ServiceStatus(name, ServicePhase.STOPPED, null, null, restarts, failures, null, null);
    }
}
