package dev.sluice.standalone.platform;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.state.ProcessIdentity;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends what a killed launcher left behind, and only that: every process is recognised by id and start time. */
final class StaleProcesses {

    private static final int GRACE_SECONDS = 30;

    private StaleProcesses() {}

    static void end(StateFolder folder, Console console) {
        RunRecord.find(folder)
                .filter(record -> !record.isLive())
                .ifPresent(record -> record.services().forEach(service -> end(service, console)));
    }

    private static void end(ServiceStatus service, Console console) {
        ProcessIdentity recorded = service.process();
        if (recorded == null) {
            return;
        }
        recorded.find().ifPresent(process -> {
            console.line("  %-20s left over from a launcher that was killed: ending process %d"
                    .formatted(service.name(), process.pid()));
            process.destroy();
            CompletableFuture<ProcessHandle> end =
                    process.onExit().completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS);
            if (end.join().isAlive()) {
                process.destroyForcibly();
                process.onExit().join();
            }
        });
    }
}
