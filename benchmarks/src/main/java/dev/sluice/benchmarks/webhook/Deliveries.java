package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Publishes events, receives the webhooks that they become, and tells how many, how soon, and whether all of them came. Each event is
 * looked for at each of its receivers.
 */
final class Deliveries {

    private static final int HOSTS = 4;

    private Deliveries() {}

    /**
     * The arguments are the file to print to, the gateway, an admin's key, the port of the receivers, the process id of the dispatcher, what to
     * measure, and its numbers.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        URI gateway = URI.create(arguments[1]);
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8);
                Receiver receiver = new Receiver(Integer.parseInt(arguments[3]), HOSTS)) {
            Site site =
                    new Site(out, gateway, new Platform(gateway, arguments[2]), receiver, Long.parseLong(arguments[4]));
            int first = Integer.parseInt(arguments[6]);
            int second = Integer.parseInt(arguments[7]);
            switch (arguments[5]) {
                case "rate" ->
                    new Rate(site, first, Long.parseLong(arguments[8]), Long.parseLong(arguments[9])).measure(second);
                case "latency" ->
                    new Latency(site)
                            .measure(
                                    first,
                                    second,
                                    Map.of(
                                            "broker",
                                            Long.parseLong(arguments[8]),
                                            "gateway",
                                            Long.parseLong(arguments[9]),
                                            "source and receiver",
                                            ProcessHandle.current().pid()));
                case "isolation" -> new Latency(site).isolation(first, second, Integer.parseInt(arguments[8]));
                case "paused" -> new Latency(site).behindOne(first, second);
                case "many" -> new Many(site).measure(first, second);
                case "restart" -> new Restart(site).measure(first);
                case "chaos" -> new Chaos(site).run(first, second);
                default -> throw new IllegalArgumentException("there is nothing to measure called " + arguments[5]);
            }
        }
        // Connections that are kept, and their threads, are nobody's any more.
        System.exit(0);
    }
}
