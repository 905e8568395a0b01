package dev.sluice.metrics.streams;

import dev.sluice.metrics.streams.StreamsStatus.Phase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps one Kafka Streams client alive: starts it once the topics exist, replaces threads that die, and starts a new
 * client when the old one has given up. Never fails the application: it says what is wrong and tries again.
 */
public final class StreamsRunner implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(StreamsRunner.class);

    /** Broker restarts kill a thread or two; more than this within a minute is a fault that a new thread keeps. */
    private static final int MAX_REPLACEMENTS = 5;

    private static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(1);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<CompletableFuture<Void>> topicsReady;
    private final Supplier<RunningStreams> factory;
    private final InstantSource clock;
    private final ThreadReplacementBudget budget = new ThreadReplacementBudget(MAX_REPLACEMENTS, REPLACEMENT_WINDOW);
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("streams-supervisor").daemon().factory());
    private volatile StreamsStatus status = new StreamsStatus(Phase.STOPPED, "not started");
    private volatile @Nullable RunningStreams running;
    private volatile boolean started;

    /**
     * A runner.
     *
     * @param topicsReady asked at the start; completes when every topic exists
     * @param factory makes a client that is not started
     */
    public StreamsRunner(
            Supplier<CompletableFuture<Void>> topicsReady, Supplier<RunningStreams> factory, InstantSource clock) {
        this.topicsReady = topicsReady;
        this.factory = factory;
        this.clock = clock;
    }

    @Override
    public void start() {
        started = true;
        status = new StreamsStatus(Phase.WAITING_FOR_TOPICS, "waits for Kafka to have every topic");
        var _ = topicsReady.get().thenRunAsync(this::launch, supervisor);
    }

    @Override
    public void stop() {
        started = false;
        supervisor.shutdownNow();
        RunningStreams last = running;
        if (last != null) {
            // Leaving the group hands the partitions over at once instead of after the session timeout.
            last.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        status = new StreamsStatus(Phase.STOPPED, "stopped");
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    public StreamsStatus status() {
        return status;
    }

    /**
     * One partition of a store as of now; take it anew for each query. A copy of it where {@link StaleReads} allow that.
     *
     * @throws StoresNotReadyException while it is being restored or moved, and when another instance has it
     */
    public <T> T store(String name, QueryableStoreType<T> type, int partition) {
        StoreQueryParameters<T> asked =
                StoreQueryParameters.fromNameAndType(name, type).withPartition(partition);
        Optional<StaleReads> copies = StaleReads.current();
        if (copies.isEmpty()) {
            return read(Phase.RUNNING, current -> current.streams().store(asked));
        }
        return read(Phase.REBALANCING, current -> {
            copies.get().require(name, partition, () -> lagsOf(current.streams()));
            return current.streams().store(asked.enableStaleStores());
        });
    }

    /**
     * Who has which partition of a store now.
     *
     * @throws StoresNotReadyException while this instance does not know
     */
    public PartitionOwners owners(String store) {
        return read(Phase.RUNNING, current -> PartitionOwners.of(current.streams(), current.self(), store));
    }

    /**
     * Who had which partition of a store when this instance last knew, and who keeps copies.
     *
     * @throws StoresNotReadyException when it never did
     */
    public PartitionOwners lastOwners(String store) {
        return read(Phase.REBALANCING, current -> PartitionOwners.of(current.streams(), current.self(), store));
    }

    private static Map<String, Map<Integer, Long>> lagsOf(KafkaStreams streams) {
        try {
            Map<String, Map<Integer, Long>> lags = new HashMap<>();
            streams.allLocalStorePartitionLags().forEach((store, partitions) -> {
                Map<Integer, Long> byPartition = new HashMap<>();
                partitions.forEach((partition, lag) -> byPartition.put(partition, lag.offsetLag()));
                lags.put(store, byPartition);
            });
            return lags;
        } catch (StreamsException e) {
            throw new StoresNotReadyException("Kafka does not say how far the copies are behind", e);
        }
    }

    /** @param also while this the question may be put too */
    private <T> T read(Phase also, Function<RunningStreams, T> question) {
        StreamsStatus now = status;
        RunningStreams current = running;
        if ((!now.isRunning() && now.phase() != also) || current == null) {
            throw new StoresNotReadyException(
                    "the windows are not ready: " + now.phase().words());
        }
        try {
            return question.apply(current);
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new StoresNotReadyException("the windows are being moved to another instance", e);
        }
    }

    private void launch() {
        if (!started) {
            return;
        }
        try {
            status = new StreamsStatus(Phase.STARTING, "joins the group and restores the windows");
            RunningStreams next = factory.get();
            running = next;
            next.streams().setStateListener((now, before) -> onState(next, now));
            next.streams().setUncaughtExceptionHandler(this::onThreadDeath);
            next.streams().start();
        } catch (RuntimeException e) {
            log.warn("Kafka Streams did not start; trying again", e);
            relaunch("did not start: " + e.getMessage());
        }
    }

    private void onState(RunningStreams source, KafkaStreams.State state) {
        if (source != running || !started) {
            return;
        }
        switch (state) {
            case RUNNING -> status = new StreamsStatus(Phase.RUNNING, "runs");
            case REBALANCING ->
                status = new StreamsStatus(Phase.REBALANCING, "assigns partitions and restores the windows");
            case ERROR, NOT_RUNNING -> relaunch("Kafka Streams gave up; it is started again");
            case CREATED, PENDING_SHUTDOWN, PENDING_ERROR ->
                status = new StreamsStatus(Phase.RESTARTING, "Kafka Streams is " + state);
        }
    }

    private synchronized StreamThreadExceptionResponse onThreadDeath(Throwable error) {
        log.error("A stream thread died", error);
        return budget.tryTake(clock.instant())
                ? StreamThreadExceptionResponse.REPLACE_THREAD
                : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private void relaunch(String reason) {
        status = new StreamsStatus(Phase.RESTARTING, reason);
        RunningStreams old = running;
        running = null;
        // Not on the caller's thread: it may be the one that closing waits for.
        supervisor.execute(() -> {
            if (old != null) {
                old.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            }
        });
        CompletableFuture.delayedExecutor(RESTART_PAUSE.toMillis(), TimeUnit.MILLISECONDS, supervisor)
                .execute(this::launch);
    }
}
