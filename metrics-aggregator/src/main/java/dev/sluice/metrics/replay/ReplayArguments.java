package dev.sluice.metrics.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.DefaultApplicationArguments;

/**
 * What a replay is told on its command line.
 *
 * @param settings what is left: properties of Kafka's clients and of the topology
 */
record ReplayArguments(ReplayRange range, List<String> settings) {

    static final String USAGE = """
            Counts a time range of the log once more and compares it with the stored rollups; changes nothing.

            --from=2026-01-31T00:00:00Z  where it begins
            --to=2026-02-01T00:00:00Z    where it ends; windows that lie wholly between are compared
            --spring.kafka.bootstrap-servers=…, --sluice.metrics.topology.…  as the aggregator has them

            Prints window,difference as CSV. Ends with 0 when all are equal, 1 when some are not, 2 when it could not be done.""";

    private static final String FROM = "from";
    private static final String TO = "to";

    static ReplayArguments parse(String... arguments) {
        ApplicationArguments parsed = new DefaultApplicationArguments(arguments);
        if (!parsed.getNonOptionArgs().isEmpty()) {
            throw new IllegalArgumentException(
                    "what is " + parsed.getNonOptionArgs().getFirst() + "? Options are written --name=value");
        }
        List<String> settings = new ArrayList<>();
        for (String argument : arguments) {
            if (!Set.of(FROM, TO).contains(argument.substring(2).split("=", 2)[0])) {
                settings.add(argument);
            }
        }
        return new ReplayArguments(new ReplayRange(instant(parsed, FROM), instant(parsed, TO)), settings);
    }

    private static Instant instant(ApplicationArguments arguments, String name) {
        List<String> values = arguments.getOptionValues(name);
        if (values == null || values.size() != 1) {
            throw new IllegalArgumentException(
                    "--" + name + " must be given once, such as --" + name + "=2026-01-31T00:00:00Z");
        }
        try {
            return Instant.parse(values.getFirst());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--" + name + " is no instant such as 2026-01-31T00:00:00Z: " + values.getFirst(), e);
        }
    }
}
