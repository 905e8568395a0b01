package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.PlatformPhase;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.state.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what runs, where it listens and how it is. */
@Command(name = "status", description = "Show what runs; exits 0 when all is ready, 3 when nothing runs, else 1.")
public final class StatusCommand implements Callable<Integer> {

    private static final int NOT_RUNNING = 3;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON, for scripts: addresses, process ids, states and folders.")
    private boolean json;

    private final Console console;

    public StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<RunRecord> record = RunRecord.find(state.folder());
        StatusReport report = record.filter(RunRecord::isLive)
                .map(live -> StatusReport.of(live, state.folder()))
                .orElseGet(() -> StatusReport.notRunning(state.folder(), record.map(RunRecord::message)));
        if (json) {
            console.line(Json.MAPPER.writeValueAsString(report));
        } else {
            show(report);
        }
        if (report.services().isEmpty()) {
            return NOT_RUNNING;
        }
        return report.allReady() ? 0 : 1;
    }

    private void show(StatusReport report) {
        if (report.services().isEmpty()) {
            console.line("Sluice does not run in " + report.stateFolder() + "; ./sluice up starts it.");
            if (report.message() != null) {
                console.line("Last time: " + report.message());
            }
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SERVICE", "STATE", "PID", "RESTARTS", "MEMORY", "ADDRESS", "DETAIL"));
        for (StatusReport.Service service : report.services()) {
            rows.add(List.of(
                    service.name(),
                    service.state(),
                    service.pid() == 0 ? "-" : Long.toString(service.pid()),
                    Integer.toString(service.restarts()),
                    megabytes(service.residentBytes()),
                    service.address(),
                    service.detail() == null ? "" : service.detail()));
        }
        rows.add(List.of(
                "launcher",
                report.state().equals(PlatformPhase.READY.name().toLowerCase(Locale.ROOT)) ? "" : report.state(),
                Long.toString(report.launcherPid()),
                "",
                megabytes(report.launcherResidentBytes()),
                "",
                ""));
        console.table(rows);
        console.line("API %s   state %s   resident %s"
                .formatted(report.gateway(), report.stateFolder(), megabytes(report.residentBytes())));
    }

    private static String megabytes(long bytes) {
        return bytes == 0 ? "-" : (bytes >> 20) + " MB";
    }
}
