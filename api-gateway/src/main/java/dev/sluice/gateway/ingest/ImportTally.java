package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.TrackedJob;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.record.JobError;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of the lines of an upload. Only lines that are settled count, and each of them once: of those that
 * were settled before and come again, only what is new. Thread-safe.
 */
final class ImportTally {

    static final int MAX_ERRORS = 20;

    private final TrackedJob job;
    /** Lines up to this one were counted before. */
    private final long counted;

    private boolean hasNews;
    private long lastLine;
    private long read;
    private long accepted;
    private long duplicates;
    private long refused;
    private final List<JobError> errors = new ArrayList<>();

    /** Goes on from what the job's progress says. */
    ImportTally(TrackedJob job) {
        this.job = job;
        JobProgress before = job.progress();
        Map<String, Long> counts = before.getCounts();
        this.counted = before.getDone();
        this.lastLine = counted;
        this.read = counts.getOrDefault("read", 0L);
        this.accepted = counts.getOrDefault("accepted", 0L);
        this.duplicates = counts.getOrDefault("duplicates", 0L);
        this.refused = before.getFailed();
        this.errors.addAll(before.getErrors());
    }

    /** Adds lines that are settled, each with its outcome. */
    synchronized void add(List<ImportLine> lines, List<Outcome> outcomes) {
        for (int i = 0; i < lines.size(); i++) {
            long line = lines.get(i).number();
            if (line <= counted) {
                addAgain(line, outcomes.get(i));
            } else {
                addFirst(line, outcomes.get(i));
            }
        }
    }

    private void addFirst(long line, Outcome outcome) {
        hasNews = true;
        switch (outcome) {
            case Outcome.Taken taken when taken.check() == Check.REPLAYED -> duplicates++;
            case Outcome.Taken ignored -> accepted++;
            case Outcome.Refused(ProblemException problem) -> refuse(line, problem);
        }
    }

    /** A line that was refused can have been mended, and one that was taken can be another one now. */
    private void addAgain(long line, Outcome outcome) {
        switch (outcome) {
            case Outcome.Taken taken when taken.check() == Check.REPLAYED -> {}
            case Outcome.Taken ignored -> {
                hasNews = true;
                accepted++;
                if (errors.removeIf(error -> error.getItem() == line)) {
                    refused--;
                }
            }
            case Outcome.Refused(ProblemException problem) -> {
                boolean isListed = errors.stream().anyMatch(error -> error.getItem() == line);
                boolean areAllListed = errors.size() == refused;
                if (!isListed && (areAllListed || problem.type().equals(IngestFailures.MISMATCH))) {
                    hasNews = true;
                    refuse(line, problem);
                }
            }
        }
    }

    /** Whether anything is otherwise than it was before. */
    synchronized boolean hasNews() {
        return hasNews || lastLine > counted;
    }

    /** All lines up to this one are settled; those without an event too. */
    synchronized void settle(long line) {
        read += Math.max(0, line - lastLine);
        lastLine = Math.max(lastLine, line);
    }

    private void refuse(long line, ProblemException problem) {
        refused++;
        if (errors.size() < MAX_ERRORS) {
            String where = problem.field() == null ? "" : problem.field() + ": ";
            errors.add(JobError.newBuilder()
                    .setItem(line)
                    .setCode(problem.type().code())
                    .setDetail(where + problem.detail())
                    .build());
        }
    }

    synchronized JobProgress progress(JobState state, @Nullable String message, Instant now) {
        Map<String, Long> counts = new HashMap<>();
        counts.put("read", read);
        counts.put("accepted", accepted);
        counts.put("duplicates", duplicates);
        return JobProgress.newBuilder()
                .setJobId(job.job().getId())
                .setTenant(job.job().getTenant())
                .setState(state)
                .setDone(lastLine)
                .setFailed(refused)
                .setCounts(counts)
                .setErrors(List.copyOf(errors))
                .setMessage(message)
                .setAt(now)
                .build();
    }
}
