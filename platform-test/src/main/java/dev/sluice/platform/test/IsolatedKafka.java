package dev.sluice.platform.test;

import dev.sluice.platform.local.BrokerSettings;
import dev.sluice.platform.local.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A KRaft broker in this JVM that can be stopped and started again on the same port with the same data. */
public final class IsolatedKafka implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IsolatedKafka.class);
    private static final int TRIES = 5;

    static {
        // A broker that finds its controller's port taken would end the JVM of all tests, with exit code 1 and no word
        // of why.
        Exit.setExitProcedure(IsolatedKafka::refuseToExit);
        Exit.setHaltProcedure(IsolatedKafka::refuseToExit);
    }

    private final TemporaryDirectory directory = TemporaryDirectory.create("kafka");
    private final BrokerSettings settings;
    private final Map<String, String> properties;
    private @Nullable KafkaRaftServer server;

    /** @param detour opened here; who comes by it is told to go on by it */
    IsolatedKafka(ForwardedPort detour) {
        this(BrokerSettings::onFreePorts, detour);
    }

    private IsolatedKafka(Function<Path, BrokerSettings> ports, @Nullable ForwardedPort detour) {
        QuietBrokerLogs.apply();
        settings = ports.apply(directory.path());
        properties = settings.properties();
        if (detour != null) {
            int port = FreePorts.one();
            more("listeners", "DETOUR://127.0.0.1:" + port);
            more("advertised.listeners", "DETOUR://" + detour.address());
            more("listener.security.protocol.map", "DETOUR:PLAINTEXT");
            detour.open(port);
        }
        format(directory.path());
        try {
            start();
        } catch (IllegalStateException e) {
            directory.close();
            throw e;
        }
    }

    /** Chosen ports may be taken by somebody else before the broker has them: then others are chosen. */
    static IsolatedKafka on(Function<Path, BrokerSettings> ports) {
        for (int tries = 1; tries < TRIES; tries++) {
            try {
                return new IsolatedKafka(ports, null);
            } catch (IllegalStateException e) {
                log.warn("tries again", e);
            }
        }
        return new IsolatedKafka(ports, null);
    }

    private static void refuseToExit(int status, @Nullable String message) {
        throw new IllegalStateException("the broker would end this JVM with " + status + ": " + message);
    }

    private void more(String property, String value) {
        properties.merge(property, value, (before, added) -> before + ',' + added);
    }

    public String bootstrapServers() {
        return settings.bootstrapServers();
    }

    /**
     * Does nothing when the broker runs.
     *
     * @throws IllegalStateException when it cannot start, such as when somebody else has taken its port
     */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        try {
            starting.startup();
        } catch (Exception e) {
            starting.shutdown();
            throw new IllegalStateException("the broker cannot start on " + settings.bootstrapServers(), e);
        }
        server = starting;
    }

    /** Closes all connections and the port; the data stays. Does nothing when the broker is stopped. */
    public synchronized void stop() {
        if (server == null) {
            return;
        }
        server.shutdown();
        server.awaitShutdown();
        server = null;
    }

    @Override
    public void close() {
        stop();
        directory.close();
    }

    private static void format(Path directory) {
        Formatter formatter = new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerSettings.NODE_ID)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setUnstableFeatureVersionsEnabled(false)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot format " + directory, e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + directory, e);
        }
        if (!Files.exists(directory.resolve("meta.properties"))) {
            throw new IllegalStateException("formatting left no meta.properties in " + directory);
        }
    }
}
