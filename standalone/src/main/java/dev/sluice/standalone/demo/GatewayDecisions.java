package dev.sluice.standalone.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the gateway's limits have decided since it started, by its Prometheus counters.
 *
 * @param late how often Redis did not answer in time and the gateway decided alone
 */
record GatewayDecisions(long admitted, long refused, long late) {

    private static final String NUMBER = " ([0-9.E+]+)$";
    private static final Pattern VERDICTS = Pattern.compile(
            "^sluice_ratelimit_decisions_total\\{(?:[^}]*,)?verdict=\"(\\w+)\"[^}]*}" + NUMBER, Pattern.MULTILINE);
    private static final Pattern LATE =
            Pattern.compile("^sluice_ratelimit_redis_failures_total(?:\\{[^}]*})?" + NUMBER, Pattern.MULTILINE);

    /** Reads them from what {@code /actuator/prometheus} answers. */
    static GatewayDecisions parse(String exposition) {
        long admitted = 0;
        long refused = 0;
        Matcher verdict = VERDICTS.matcher(exposition);
        while (verdict.find()) {
            long count = count(verdict.group(2));
            switch (verdict.group(1)) {
                case "denied", "closed" -> refused += count;
                default -> admitted += count;
            }
        }
        Matcher late = LATE.matcher(exposition);
        return new GatewayDecisions(admitted, refused, late.find() ? count(late.group(1)) : 0);
    }

    GatewayDecisions since(GatewayDecisions before) {
        return new GatewayDecisions(admitted - before.admitted, refused - before.refused, late - before.late);
    }

    private static long count(String value) {
        return (long) Double.parseDouble(value);
    }
}
