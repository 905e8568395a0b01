package dev.sluice.standalone.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many requests the gateway's limits have admitted and refused since it started, by its Prometheus counters. */
record GatewayDecisions(long admitted, long refused) {

    private static final Pattern COUNTER = Pattern.compile(
            "^sluice_ratelimit_decisions_total\\{(?:[^}]*,)?verdict=\"(\\w+)\"[^}]*} ([0-9.E+]+)$", Pattern.MULTILINE);

    /** Reads them from what {@code /actuator/prometheus} answers. */
    static GatewayDecisions parse(String exposition) {
        long admitted = 0;
        long refused = 0;
        Matcher matcher = COUNTER.matcher(exposition);
        while (matcher.find()) {
            long count = (long) Double.parseDouble(matcher.group(2));
            switch (matcher.group(1)) {
                case "denied", "closed" -> refused += count;
                default -> admitted += count;
            }
        }
        return new GatewayDecisions(admitted, refused);
    }

    GatewayDecisions since(GatewayDecisions before) {
        return new GatewayDecisions(admitted - before.admitted, refused - before.refused);
    }
}
