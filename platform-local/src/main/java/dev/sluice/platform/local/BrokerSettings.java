package dev.sluice.platform.local;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of one KRaft node that is broker and controller at once, listening on the loopback address only. */
public record BrokerSettings(int port, int controllerPort, Path dataDirectory) {

    public static final String CONTROLLER_LISTENER = "CONTROLLER";
    public static final int NODE_ID = 1;

    /** One node cannot replicate: each of these defaults to 3 or 2 and would keep internal topics from being made. */
    private static final List<String> SINGLE_NODE = List.of(
            "default.replication.factor",
            "min.insync.replicas",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr");

    /** Each defaults to 50: files and start-up time that one machine does not need. */
    private static final List<String> FEW_PARTITIONS = List.of(
            "offsets.topic.num.partitions",
            "transaction.state.log.num.partitions",
            "share.coordinator.state.topic.num.partitions");

    public BrokerSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 1 and 65535: " + port);
        }
        if (controllerPort < 1 || controllerPort > 65_535 || controllerPort == port) {
            throw new IllegalArgumentException(
                    "controllerPort must be between 1 and 65535 and differ from port: " + controllerPort);
        }
    }

    public static BrokerSettings onFreePorts(Path dataDirectory) {
        List<Integer> ports = FreePorts.take(2);
        return new BrokerSettings(ports.get(0), ports.get(1), dataDirectory);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The content of {@code server.properties}, sorted by key. */
    public Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d".formatted(port, CONTROLLER_LISTENER, controllerPort));
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", dataDirectory.toAbsolutePath().toString());
        SINGLE_NODE.forEach(key -> properties.put(key, "1"));
        FEW_PARTITIONS.forEach(key -> properties.put(key, "4"));
        // A topic that the catalogue does not know is a mistake: fail instead of creating it.
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        // The cleaner's default buffer is 128 MiB of resident memory; 16 MiB still holds 700,000 distinct keys a pass.
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "2");
        return properties;
    }

    /** Writes {@code server.properties}; an existing file is replaced. */
    public void writeTo(Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Map.Entry<String, String> property : properties().entrySet()) {
                writer.write(property.getKey() + "=" + escape(property.getValue()) + "\n");
            }
        }
    }

    /** Whether the data directory already carries a cluster id; formatting it again would be refused. */
    public boolean isFormatted() {
        return Files.exists(dataDirectory.resolve("meta.properties"));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\");
    }
}
