package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.JobView;
import dev.sluice.gateway.job.TrackedJob;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes uploads of events, so many at a time, each as a job. Thread-safe; never blocks. */
final class EventImport {

    private final ImportSteps steps;
    private final ImportJobs starts;
    private final int maxImports;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    EventImport(ImportSteps steps, ImportJobs starts, int maxImports) {
        this.steps = steps;
        this.starts = starts;
        this.maxImports = maxImports;
    }

    /** @throws dev.sluice.platform.web.ProblemException when the headers make no sense */
    ImportForm formOf(HttpHeaders headers, Caller caller) {
        return steps.reader().readForm(headers, caller);
    }

    /**
     * What became of the upload, once all of it is settled. Fails with a problem that tells the job when it ended early.
     *
     * @param firstLine the number of its first line
     * @param form what each line is
     */
    Mono<JobView> run(Flux<byte[]> body, long firstLine, ImportForm form, Caller caller, ImportCharge charge) {
        return Mono.defer(() -> {
            ImportJobs.Start start = starts.begin(caller, firstLine);
            TrackedJob job = start.job();
            String id = job.job().getId();
            if (running.size() >= maxImports) {
                return Mono.error(IngestFailures.overloaded());
            }
            if (!running.add(id)) {
                return Mono.error(ImportJobs.running(id, TrackedJob.HEARTBEAT));
            }
            // Free before the answer is: whoever has it may send the same again at once.
            return Mono.using(
                    () -> id,
                    claimed -> steps.jobs()
                            .open(job)
                            .then(Mono.defer(
                                    () -> new ImportRun(steps, start, firstLine, form, caller, charge).take(body))),
                    running::remove);
        });
    }
}
