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
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** A KRaft broker in this JVM that can be stopped and started again on the same port with the same data. */
public final class IsolatedKafka implements AutoCloseable {

    private final TemporaryDirectory directory = TemporaryDirectory.create("kafka");
    private final BrokerSettings settings = BrokerSettings.onFreePorts(directory.path());
    private final Map<String, String> properties = settings.properties();
    private @Nullable KafkaRaftServer server;

    IsolatedKafka() {
        this(null);
    }

    /** @param detour opened here; who comes by it is told to go on by it */
    IsolatedKafka(@Nullable ForwardedPort detour) {
        QuietBrokerLogs.apply();
        if (detour != null) {
            int port = FreePorts.one();
            more("listeners", "DETOUR://127.0.0.1:" + port);
            more("advertised.listeners", "DETOUR://" + detour.address());
            more("listener.security.protocol.map", "DETOUR:PLAINTEXT");
            detour.open(port);
        }
        format(directory.path());
        start();
    }

    private void more(String property, String value) {
        properties.merge(property, value, (before, added) -> before + ',' + added);
    }

    public String bootstrapServers() {
        return settings.bootstrapServers();
    }

    /** Does nothing when the broker runs. */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        starting.startup();
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
