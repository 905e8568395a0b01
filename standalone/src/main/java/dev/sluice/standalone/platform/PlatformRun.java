package dev.sluice.standalone.platform;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.key.ApiKeyFormat;
import dev.sluice.standalone.key.DevelopmentKeys;
import dev.sluice.standalone.key.KeyProvisioner;
import dev.sluice.standalone.state.ProcessIdentity;
import dev.sluice.standalone.state.RunLock;
import dev.sluice.standalone.state.Secrets;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.RestartPolicy;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import dev.sluice.standalone.supervise.ServiceStatus;
import dev.sluice.standalone.supervise.SupervisedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a platform under this JVM: holds the folder's lock, cleans up after a killed predecessor, starts everything,
 * makes the development keys, keeps the run record current, and stops all in order.
 */
public final class PlatformRun implements AutoCloseable {

    /** They have the most to do before they need the log, and a broker that starts leaves them a core. */
    private static final Set<String> EARLY =
            Set.of(Application.API_GATEWAY.serviceName(), Application.METRICS_AGGREGATOR.serviceName());

    private final Installation installation;
    private final StateFolder state;
    private final Ports ports;
    private final InstantSource clock;
    private final Progress progress;
    private final Set<String> recorded;
    private final RunLock lock;
    private @Nullable Platform platform;
    private PlatformPhase phase = PlatformPhase.STARTING;
    private @Nullable String message;

    private PlatformRun(
            Installation installation,
            StateFolder state,
            Ports ports,
            InstantSource clock,
            Console console,
            Set<String> recorded,
            RunLock lock) {
        this.installation = installation;
        this.state = state;
        this.ports = ports;
        this.clock = clock;
        this.progress = new Progress(console, clock);
        this.recorded = recorded;
        this.lock = lock;
        progress.leftovers(state);
    }

    /**
     * Takes the folder; nothing is started yet.
     *
     * @param recorded names of the services that write an AOT cache when they end
     * @throws LaunchException when another launcher has the folder
     */
    public static PlatformRun claim(
            Installation installation,
            StateFolder state,
            Ports ports,
            InstantSource clock,
            Console console,
            Set<String> recorded) {
        try {
            state.create();
            RunLock lock = RunLock.acquire(state)
                    .orElseThrow(() -> new LaunchException("A platform already runs in " + state.root()
                            + "; see ./sluice status, or end it with ./sluice down"));
            return new PlatformRun(installation, state, ports, clock, console, recorded, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the state folder " + state.root(), e);
        }
    }

    /** Drops all data of earlier runs. Only before {@link #start()}. */
    public void dropData() throws IOException {
        state.drop();
        state.create();
    }

    /** Returns once everything is ready and the keys exist. */
    public RunningPlatform start() {
        try {
            PortCheck.requireFree(ports);
            SecureRandom random = new SecureRandom();
            Secrets secrets = Secrets.loadOrCreate(state, random, () -> ApiKeyFormat.generate("test", random));
            Platform starting = assemble(secrets);
            synchronized (this) {
                platform = starting;
            }
            record();
            CompletableFuture<DevelopmentKeys> made = starting.service(Application.API_GATEWAY.serviceName())
                    .ready()
                    .thenApplyAsync(
                            ready -> provideKeys(secrets),
                            task -> Thread.ofVirtual().name("development-keys").start(task));
            starting.start();
            DevelopmentKeys keys = KeyProvisioner.result(made);
            enter(PlatformPhase.READY, null);
            return new RunningPlatform(state, ports, keys);
        } catch (LaunchException e) {
            enter(PlatformPhase.FAILED, e.getMessage());
            throw e;
        } catch (IOException e) {
            enter(PlatformPhase.FAILED, e.getMessage());
            throw new UncheckedIOException(e);
        }
    }

    /** The gateway alone is asked, so nobody needs to wait for the others. */
    private DevelopmentKeys provideKeys(Secrets secrets) {
        try {
            return KeyProvisioner.provide(
                    state, URI.create("http://127.0.0.1:" + ports.http(Application.API_GATEWAY)), secrets.adminKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops everything in order and lets go of the folder. Can be called twice, also while starting. */
    @Override
    public void close() {
        Platform stopping;
        synchronized (this) {
            stopping = platform;
        }
        try {
            if (stopping != null) {
                boolean failed = phase == PlatformPhase.FAILED;
                if (!failed) {
                    enter(PlatformPhase.STOPPING, null);
                }
                stopping.stop();
                enter(failed ? PlatformPhase.FAILED : PlatformPhase.STOPPED, message);
            }
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Platform assemble(Secrets secrets) {
        SupervisedService kafka = supervise(KafkaBlueprint.of(installation, state, ports, use(KafkaBlueprint.NAME)));
        SupervisedService redis = supervise(RedisBlueprint.of(installation, state, ports));
        List<SupervisedService> applications = Stream.of(Application.values())
                .map(application -> supervise(ApplicationBlueprint.of(
                        application, installation, state, ports, secrets, use(application.serviceName()))))
                .toList();
        return new Platform(
                List.of(
                        applications.subList(0, 1),
                        applications.subList(1, applications.size()),
                        List.of(kafka, redis)),
                applications.stream()
                        .filter(application ->
                                EARLY.contains(application.blueprint().name()))
                        .toList());
    }

    private AotUse use(String service) {
        return recorded.contains(service) ? AotUse.RECORD : AotUse.START_FROM;
    }

    private SupervisedService supervise(ServiceBlueprint blueprint) {
        return new SupervisedService(blueprint, RestartPolicy.STANDARD, clock, this::changed);
    }

    private void changed(ServiceStatus status) {
        progress.show(status);
        record();
    }

    private void enter(PlatformPhase next, @Nullable String reason) {
        synchronized (this) {
            phase = next;
            message = reason;
        }
        record();
    }

    private synchronized void record() {
        List<ServiceStatus> services = platform == null ? List.of() : platform.statuses();
        try {
            new RunRecord(ProcessIdentity.ofThisProcess(), phase, message, ports, services).write(state);
        } catch (IOException e) {
            progress.problem("cannot write " + state.runFile() + ": " + e.getMessage());
        }
    }
}
