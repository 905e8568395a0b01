package dev.sluice.platform.test;

import dev.sluice.platform.local.BrokerSettings;
import java.util.Optional;

/**
 * The Kafka broker that all tests of one JVM share: a container where a Docker engine answers, else a KRaft broker in
 * this JVM. It starts at first use and ends with the JVM. Topics are not created automatically.
 */
public final class LocalKafka {

    private final String bootstrapServers;

    private LocalKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public static LocalKafka shared() {
        return Shared.INSTANCE;
    }

    /** A broker of the caller's own, to be stopped and started again at will; always a local one. */
    public static IsolatedKafka newIsolated() {
        return IsolatedKafka.on(BrokerSettings::onFreePorts);
    }

    /** The same, which is reached by a second way too, that can be cut for those who take it. */
    public static IsolatedKafka newIsolated(ForwardedPort detour) {
        return new IsolatedKafka(detour);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    private static LocalKafka start() {
        Optional<String> container = Containers.startKafka();
        if (container.isPresent()) {
            return new LocalKafka(container.get());
        }
        IsolatedKafka broker = IsolatedKafka.on(BrokerSettings::onFreePorts);
        AtExit.close("shared Kafka", broker);
        return new LocalKafka(broker.bootstrapServers());
    }

    private static final class Shared {
        private static final LocalKafka INSTANCE = start();
    }
}
