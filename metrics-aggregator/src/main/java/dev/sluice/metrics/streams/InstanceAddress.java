package dev.sluice.metrics.streams;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Where other instances find this one. Known once its server listens, which it does before Kafka Streams is started. */
final class InstanceAddress {
    private final @Nullable String host;
    private final Environment environment;

    /** @param host what it was told; null to find out */
    InstanceAddress(@Nullable String host, Environment environment) {
        this.host = host;
        this.environment = environment;
    }

    HostInfo find() {
        int configured = environment.getProperty("server.port", Integer.class, 0);
        int port = environment.getProperty("local.server.port", Integer.class, configured);
        return new HostInfo(host == null ? listens() : host, port);
    }

    private String listens() {
        try {
            InetAddress address = InetAddress.getByName(environment.getProperty("server.address", "0.0.0.0"));
            return address.isAnyLocalAddress() ? InetAddress.getLocalHost().getHostAddress() : address.getHostAddress();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("sluice.metrics.host must be set: this machine does not know its name", e);
        }
    }
}
