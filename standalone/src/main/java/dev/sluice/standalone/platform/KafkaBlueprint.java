package dev.sluice.standalone.platform;

import dev.sluice.platform.local.BrokerSettings;
import dev.sluice.platform.local.BrokerStart;
import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** How the broker is formatted, started and stopped. */
final class KafkaBlueprint {

    static final String NAME = "kafka";
    /**
     * Code that C1 need not prepare for C2 is cheaper to make and quicker until then. Measured in turns, seven and six starts:
     * 0.92 times the CPU of the gateway instead of 1.10 times. A broker for one machine does without C2's speed.
     */
    private static final String C1_ONLY = "-XX:TieredStopAtLevel=1";

    private static final int HEAP_MEGABYTES = 256;

    private final Installation installation;
    private final StateFolder state;
    private final BrokerSettings settings;
    private final AotUse aot;

    private KafkaBlueprint(Installation installation, StateFolder state, Ports ports, AotUse aot) {
        this.installation = installation;
        this.state = state;
        this.settings = new BrokerSettings(ports.kafka(), ports.kafkaController(), state.data(NAME));
        this.aot = aot;
    }

    static ServiceBlueprint of(Installation installation, StateFolder state, Ports ports, AotUse aot) {
        KafkaBlueprint kafka = new KafkaBlueprint(installation, state, ports, aot);
        return new ServiceBlueprint(
                NAME,
                kafka::start,
                new TcpReadiness(ports.kafka()),
                List.of(state.log(NAME), state.output(NAME)),
                Duration.ofSeconds(60),
                aot == AotUse.RECORD ? Duration.ofMinutes(3) : Duration.ofSeconds(20));
    }

    private LocalProcess start() throws IOException {
        Path properties = state.settings().resolve("server.properties");
        Path logging = state.settings().resolve("log4j2.xml");
        settings.writeTo(properties);
        copyLoggingTo(logging);
        List<String> arguments = settings.isFormatted()
                ? List.of(properties.toString())
                : List.of(properties.toString(), newClusterId());
        List<String> flags = Stream.concat(
                        Stream.of(C1_ONLY, "-Dlog4j2.configurationFile=" + logging, "-Dsluice.log=" + state.log(NAME)),
                        aot.flags(installation.aotCache(NAME)).stream())
                .toList();
        return LocalProcess.start(
                JvmCommand.of(HEAP_MEGABYTES, flags, classPath(), BrokerStart.class.getName(), arguments),
                Map.of(),
                state.root(),
                state.output(NAME));
    }

    /** Sorted: an AOT cache only fits the class path it was recorded with. */
    private List<Path> classPath() throws IOException {
        try (Stream<Path> jars = Files.list(installation.brokerLibraries())) {
            return Stream.concat(Stream.of(installation.leashJar()), jars.sorted())
                    .toList();
        }
    }

    private static void copyLoggingTo(Path file) throws IOException {
        try (InputStream resource = KafkaBlueprint.class.getResourceAsStream("broker-log4j2.xml")) {
            if (resource == null) {
                throw new IOException("broker-log4j2.xml is missing from the launcher");
            }
            Files.write(file, resource.readAllBytes());
        }
    }

    /** 16 random bytes in URL-safe base64, as Kafka wants them. */
    private static String newClusterId() {
        UUID id = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
