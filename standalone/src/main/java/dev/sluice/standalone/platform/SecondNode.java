package dev.sluice.standalone.platform;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.state.RunLock;
import dev.sluice.standalone.state.Secrets;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.RestartPolicy;
import dev.sluice.standalone.supervise.SupervisedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A second gateway and cache on the Kafka, the Redis and the other services of a platform that runs. */
public final class SecondNode implements AutoCloseable {

    private static final List<Application> APPLICATIONS = List.of(Application.API_GATEWAY, Application.CACHE_SERVICE);

    private final Ports ports;
    private final RunLock lock;
    private final Platform processes;

    private SecondNode(Ports ports, RunLock lock, Platform processes) {
        this.ports = ports;
        this.lock = lock;
        this.processes = processes;
    }

    /**
     * Nothing is started yet.
     *
     * @param offset added to the ports of the platform's own gateway and cache; names the node too
     * @throws LaunchException when there is such a node, or a port is taken
     */
    public static SecondNode beside(
            RunningPlatform platform, int offset, Installation installation, InstantSource clock, Console console)
            throws IOException {
        Ports ports = platform.ports().ofSecondNode(offset);
        StateFolder own = new StateFolder(platform.state().root().resolve("node-" + offset));
        own.create();
        RunLock lock = RunLock.acquire(own)
                .orElseThrow(() -> new LaunchException(
                        "Such a node already runs; another needs an --offset other than " + offset));
        PortCheck.requireFree(owners(ports), "move the node with another --offset");
        Secrets secrets = Secrets.load(platform.state());
        Progress progress = new Progress(console, clock);
        List<List<SupervisedService>> stopOrder = APPLICATIONS.stream()
                .map(application ->
                        ApplicationBlueprint.of(application, installation, own, ports, secrets, AotUse.START_FROM))
                .map(blueprint ->
                        List.of(new SupervisedService(blueprint, RestartPolicy.STANDARD, clock, progress::show)))
                .toList();
        return new SecondNode(ports, lock, new Platform(stopOrder, List.of()));
    }

    /** Returns once both are ready. */
    public void start() {
        processes.start();
    }

    public URI gateway() {
        return URI.create("http://127.0.0.1:" + ports.http(Application.API_GATEWAY));
    }

    /** Stops both in order. Can be called twice, also while starting. */
    @Override
    public void close() {
        try {
            processes.stop();
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<Integer, String> owners(Ports ports) {
        Map<Integer, String> owners = new LinkedHashMap<>();
        for (Application application : APPLICATIONS) {
            owners.put(ports.http(application), application.serviceName());
            owners.put(ports.management(application), application.serviceName() + " management");
        }
        return owners;
    }
}
