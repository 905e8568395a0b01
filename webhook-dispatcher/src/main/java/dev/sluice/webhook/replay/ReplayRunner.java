package dev.sluice.webhook.replay;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.job.LoggedJob;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on jobs that nobody works on: new ones, and those of dispatchers that are gone. Whoever first writes that it goes on with a job has
 * it. So many at once; the others wait, the oldest first. Thread-safe.
 */
final class ReplayRunner implements AutoCloseable {

    /** Each reads a part of the log with a consumer of its own. */
    static final int MAX_AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(5);
    private static final Comparator<LoggedJob> OLDEST_FIRST =
            Comparator.comparing((LoggedJob job) -> job.job().getCreatedAt()).thenComparing(LoggedJob::id);

    private final ReplayRun.Tools tools;
    private final KafkaClients clients;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Set<String> running = new HashSet<>();
    private final ExecutorService runs = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("webhook-replay-", 0).daemon().factory());
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("webhook-replay-look").daemon().factory());

    ReplayRunner(ReplayRun.Tools tools, KafkaClients clients) {
        this.tools = tools;
        this.clients = clients;
        long period = LoggedJob.HEARTBEAT.toMillis();
        var _ = looks.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    /** Looks for jobs that nobody works on; soon. */
    void wake() {
        looks.execute(this::look);
    }

    private void look() {
        try {
            if (tools.jobs().ready() && tools.endpoints().ready()) {
                free().forEach(this::claim);
            }
        } catch (RuntimeException e) {
            LOG.error("jobs are not looked for", e);
        }
    }

    private List<LoggedJob> free() {
        return tools.jobs().all().stream()
                .filter(job -> job.isFree(tools.clock().instant()))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private void claim(LoggedJob job) {
        synchronized (running) {
            if (stop.getCount() == 0 || running.size() >= MAX_AT_ONCE || !running.add(job.id())) {
                return;
            }
        }
        try {
            var ours = job.progressAs(JobState.RUNNING, tools.clock().instant().truncatedTo(ChronoUnit.MICROS));
            long version = tools.jobs().put(ours, job.version()).join();
            runs.execute(() -> run(new LoggedJob(job.job(), ours, version)));
        } catch (CompletionException e) {
            // Another dispatcher was first, or the log is away; the next look tells.
            LOG.debug("job {} was not taken up: {}", job.id(), e.getMessage());
            done(job.id());
        }
    }

    private void run(LoggedJob job) {
        try (Consumer<String, byte[]> consumer =
                clients.newConsumer("webhook-replay-" + job.id(), null, new ByteArrayDeserializer())) {
            new ReplayRun(tools, consumer, job, stop).run();
        } catch (RuntimeException e) {
            // Whoever finds it free goes on, this dispatcher too.
            LOG.warn("job {} was let go of", job.id(), e);
        } finally {
            done(job.id());
        }
    }

    private void done(String id) {
        synchronized (running) {
            running.remove(id);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        looks.shutdownNow();
        runs.shutdown();
        try {
            if (!runs.awaitTermination(LONGEST_FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                runs.shutdownNow();
            }
        } catch (InterruptedException _) {
            runs.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
