package dev.sluice.standalone.command;

import dev.sluice.standalone.platform.Ports;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which ports a platform takes. */
final class PortOptions {

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Added to every port that is not given by itself, so that two platforms fit on one machine (default: 0).")
    private int offset;

    @Option(names = "--gateway-port", paramLabel = "PORT", description = "Port of the API (default: 8080).")
    private @Nullable Integer gateway;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of the broker; its controller takes the next one (default: 19092).")
    private @Nullable Integer kafka;

    @Option(names = "--redis-port", paramLabel = "PORT", description = "Port of Redis (default: 16379).")
    private @Nullable Integer redis;

    Ports ports() {
        Ports ports = Ports.withOffset(offset);
        ports = gateway == null ? ports : ports.withGateway(gateway);
        ports = kafka == null ? ports : ports.withKafka(kafka);
        return redis == null ? ports : ports.withRedis(redis);
    }

    /** The same options again, for the command line of another launcher. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--port-offset", Integer.toString(offset)));
        add(arguments, "--gateway-port", gateway);
        add(arguments, "--kafka-port", kafka);
        add(arguments, "--redis-port", redis);
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Integer value) {
        if (value != null) {
            arguments.add(name);
            arguments.add(value.toString());
        }
    }
}
