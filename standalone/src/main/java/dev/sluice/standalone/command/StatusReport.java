package dev.sluice.standalone.command;

import dev.sluice.standalone.platform.Application;
import dev.sluice.standalone.platform.HttpReadiness;
import dev.sluice.standalone.platform.Ports;
import dev.sluice.standalone.platform.ResidentMemory;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServicePhase;
import dev.sluice.standalone.supervise.ServiceStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The shape of {@code status --json}. Addresses are null and the list is empty when nothing runs. */
record StatusReport(
        String state,
        @Nullable String message,
        String stateFolder,
        @Nullable String gateway,
        @Nullable String kafka,
        @Nullable String redis,
        long launcherPid,
        long launcherResidentBytes,
        long residentBytes,
        List<Service> services) {

    /** One process; {@code actuator} only for those that have one. */
    record Service(
            String name,
            String state,
            long pid,
            int restarts,
            long residentBytes,
            String address,
            @Nullable String actuator,
            String log,
            @Nullable String detail) {}

    static StatusReport notRunning(StateFolder folder, Optional<String> message) {
        return new StatusReport(
                "stopped", message.orElse(null), folder.root().toString(), null, null, null, 0, 0, 0, List.of());
    }

    static StatusReport of(RunRecord record, StateFolder folder) {
        Ports ports = record.ports();
        List<Service> services = record.services().parallelStream()
                .map(service -> describe(service, ports, folder))
                .toList();
        long launcher = ResidentMemory.ofProcess(record.launcher().pid());
        return new StatusReport(
                lowerCase(record.phase()),
                record.message(),
                folder.root().toString(),
                "http://127.0.0.1:" + ports.http(Application.API_GATEWAY),
                "127.0.0.1:" + ports.kafka(),
                "127.0.0.1:" + ports.redis(),
                record.launcher().pid(),
                launcher,
                launcher + services.stream().mapToLong(Service::residentBytes).sum(),
                services);
    }

    boolean allReady() {
        return services.stream().allMatch(service -> service.state().equals(lowerCase(ServicePhase.READY)));
    }

    private static Service describe(ServiceStatus status, Ports ports, StateFolder folder) {
        String name = status.name();
        Optional<Application> application = Stream.of(Application.values())
                .filter(candidate -> candidate.serviceName().equals(name))
                .findFirst();
        // The record says what the supervisor knows; only the service itself knows whether it still is ready.
        Optional<String> obstacle = status.phase() == ServicePhase.READY
                ? application.flatMap(found -> new HttpReadiness(ports.management(found)).findObstacle())
                : Optional.empty();
        return new Service(
                name,
                obstacle.isPresent() ? "not ready" : lowerCase(status.phase()),
                status.pid(),
                status.restarts(),
                status.pid() == 0 ? 0 : ResidentMemory.ofProcess(status.pid()),
                "127.0.0.1:"
                        + application.map(ports::http).orElse(name.equals("kafka") ? ports.kafka() : ports.redis()),
                application
                        .map(found -> "http://127.0.0.1:" + ports.management(found) + "/actuator")
                        .orElse(null),
                (name.equals("redis") ? folder.output(name) : folder.log(name)).toString(),
                obstacle.orElse(status.detail()));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
