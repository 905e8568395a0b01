package dev.sluice.platform.web;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Continues or begins a trace (W3C Trace Context, level 1). */
final class TraceParents {

    static final int LENGTH = 55;

    private static final Pattern VALID = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final String SAMPLED = "01";
    private static final HexFormat HEX = HexFormat.of();

    private TraceParents() {}

    /** A traceparent of a new span: in the caller's trace when it named a valid one, else in a new trace. */
    static String next(@Nullable String incoming, RandomGenerator random) {
        String span = HEX.toHexDigits(nonZero(random));
        if (incoming != null && VALID.matcher(incoming).matches()) {
            String trace = incoming.substring(3, 35);
            if (!trace.equals(NO_TRACE) && !incoming.startsWith(NO_SPAN, 36)) {
                return "00-" + trace + "-" + span + "-" + incoming.substring(53);
            }
        }
        return "00-" + HEX.toHexDigits(nonZero(random)) + HEX.toHexDigits(random.nextLong()) + "-" + span + "-"
                + SAMPLED;
    }

    private static long nonZero(RandomGenerator random) {
        long value;
        do {
            value = random.nextLong();
        } while (value == 0);
        return value;
    }
}
