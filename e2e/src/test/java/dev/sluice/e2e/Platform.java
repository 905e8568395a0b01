package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The platform as {@code ./sluice up} starts it, once for all tests of a JVM, on free ports and with a state of its own.
 * It runs the jars that the build has made; {@code ./sluice prepare} unpacks those that changed.
 */
final class Platform {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path STATES = Path.of("target", "platform").toAbsolutePath();

    private static final List<String> APPLICATIONS =
            List.of("api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator");

    /** The usual ports; --port-offset moves all of them. */
    private static final List<Integer> PORTS =
            List.of(8080, 8081, 8082, 8083, 9080, 9081, 9082, 9083, 16_379, 19_092, 19_093);

    /** Above it, on most machines, a port may be taken at any time by a connection that somebody opens. */
    private static final int HIGHEST_PORT = 32_000;

    /** Offsets of as many are fifty apart and a hundred from one try to the next. */
    private static final int MOST_JVMS = 2;

    /** Lost with the object. */
    private static final AtomicReference<@Nullable FileLock> TURN = new AtomicReference<>();

    /** The build that runs these tests has just made the platform; another one inside of it would disturb it. */
    private static final Map<String, String> NO_BUILD = Map.of("SLUICE_BUILD", "never");

    /**
     * C1 alone, as for what {@link ServiceProcess} starts: a service lives here for minutes and is killed in the midst of
     * them, and what C2 makes of it never pays for itself.
     */
    private static final Map<String, String> C1_ONLY =
            Map.of("JAVA_TOOL_OPTIONS", added("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"));

    private static final class Shared {
        static final Platform PLATFORM = start();
    }

    private final Path state;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private @Nullable JsonNode addresses;

    private Platform(Path state) {
        this.state = state;
    }

    static Platform shared() {
        return Shared.PLATFORM;
    }

    URI gateway() {
        return URI.create(addresses().path("gateway").asString());
    }

    String bootstrapServers() {
        return addresses().path("kafka").asString();
    }

    int redisPort() {
        return URI.create("redis://" + addresses().path("redis").asString()).getPort();
    }

    /** Where this platform keeps its data, its logs and its secrets. */
    Path state() {
        return state;
    }

    /** Process id of a service, 0 while it has none. */
    long processId(String service) {
        return service(run(), service).path("process").path("pid").asLong();
    }

    /** Kills the process of a service, for which the launcher starts another, and returns its id. */
    long kill(String service) {
        long process = processId(service);
        ProcessHandle.of(process).orElseThrow().destroyForcibly();
        return process;
    }

    /** Whether all is ready, with another process than that one. */
    boolean isReadyAgain(String service, long killed) {
        long process = processId(service);
        return process != 0 && process != killed && isReady();
    }

    /** Where a service tells its health and metrics, without a path. */
    String managementAddress(String service) {
        return URI.create(service(addresses(), service).path("actuator").asString())
                .getAuthority();
    }

    /** What the launcher writes down at every change. */
    private JsonNode run() {
        return JsonMapper.shared().readTree(state.resolve("run.json").toFile());
    }

    private static JsonNode service(JsonNode status, String service) {
        return StreamSupport.stream(status.path("services").spliterator(), false)
                .filter(one -> one.path("name").asString().equals(service))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no service " + service));
    }

    /** What {@code ./sluice status} says; to start a JVM for each look would take a core from what is waited for. */
    boolean isReady() {
        return StreamSupport.stream(run().path("services").spliterator(), false)
                        .allMatch(one -> one.path("phase").asString().equals("READY"))
                && APPLICATIONS.stream().allMatch(name -> new Meters(managementAddress(name)).isReady());
    }

    /** A client with the development key of that name: admin, or a tier. */
    Client client(String key) {
        return clients.computeIfAbsent(key, name -> new Client(gateway(), findKey(name)));
    }

    private String findKey(String name) {
        JsonNode keys = JsonMapper.shared().readTree(sluice("keys", "--json").requireSuccess());
        return StreamSupport.stream(keys.path("keys").spliterator(), false)
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no development key " + name))
                .path("key")
                .asString();
    }

    /** A status of some time ago: where things are stays as it is, who runs them does not. */
    private synchronized JsonNode addresses() {
        if (addresses == null) {
            addresses = status();
        }
        return addresses;
    }

    private JsonNode status() {
        return JsonMapper.shared().readTree(sluice("status", "--json").output());
    }

    private static Platform start() {
        try {
            Files.createDirectories(STATES);
            Platform platform = new Platform(Files.createTempDirectory(STATES, "run"));
            run(Map.of(), "prepare").requireSuccess();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> platform.sluice("down")));
            platform.sluice(C1_ONLY, "up", "--detach", "--port-offset", Integer.toString(freeOffset()))
                    .requireSuccess();
            return platform;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where to look first is left to chance, so that builds beside each other hardly meet; two JVMs of one build never do:
     * their offsets are fifty apart, and no two of the usual ports are.
     */
    private static int freeOffset() {
        int highest = PORTS.stream().mapToInt(Integer::intValue).max().orElseThrow();
        int lowest = 1_000 + 50 * turn();
        int places = (HIGHEST_PORT - highest - lowest) / 100;
        int first = ThreadLocalRandom.current().nextInt(places);
        return IntStream.range(first, first + places)
                .map(place -> lowest + 100 * (place % places))
                .filter(offset -> PORTS.stream().allMatch(port -> isFree(port + offset)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no offset at which all ports are free"));
    }

    /** 0 for the first JVM of a build, 1 for one beside it: a lock that this one keeps to its end. */
    private static int turn() {
        try {
            for (int turn = 0; turn < MOST_JVMS; turn++) {
                FileChannel file = FileChannel.open(
                        STATES.resolve("turn-" + turn), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock();
                if (lock != null) {
                    TURN.set(lock);
                    return turn;
                }
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("more than " + MOST_JVMS + " platforms at a time");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Command.Outcome sluice(String... arguments) {
        return sluice(Map.of(), arguments);
    }

    private Command.Outcome sluice(Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", state.toString()));
        return run(environment, all.toArray(String[]::new));
    }

    /** A second gateway and cache at ports so much further on, which end with the process. */
    Process startNode(int offset, Path output) {
        ProcessBuilder builder = new ProcessBuilder(
                        ROOT.resolve("sluice").toString(),
                        "node",
                        "--offset",
                        Integer.toString(offset),
                        "--state",
                        state.toString())
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(NO_BUILD);
        builder.environment().putAll(C1_ONLY);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command.Outcome run(Map<String, String> more, String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("sluice").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(NO_BUILD);
        environment.putAll(more);
        return Command.run(ROOT, environment, command);
    }

    /** What the variable says already, and this. */
    private static String added(String variable, String value) {
        return (System.getenv().getOrDefault(variable, "") + ' ' + value).strip();
    }
}
