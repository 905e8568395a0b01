package dev.sluice.platform.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A span's place in a trace, as W3C Trace Context (level 1) writes it in the header {@code traceparent}.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param flags 2 hex digits, the last bit of which says that the trace is kept
 */
public record TraceParent(String traceId, String spanId, String flags) {

    /** The header. */
    public static final String HEADER = "traceparent";

    /** Each x stands for a hex digit in lower case. */
    private static final String FORM = "00-" + "x".repeat(32) + "-" + "x".repeat(16) + "-xx";

    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final int SPAN_BYTES = 8;
    private static final String KEPT = "01";
    private static final String PASSED_OVER = "00";
    private static final HexFormat HEX = HexFormat.of();

    /** Empty when it is none that can be continued. */
    public static Optional<TraceParent> parse(@Nullable String header) {
        if (header == null || !isWellFormed(header)) {
            return Optional.empty();
        }
        TraceParent parent = new TraceParent(header.substring(3, 35), header.substring(36, 52), header.substring(53));
        return parent.traceId.equals(NO_TRACE) || parent.spanId.equals(NO_SPAN)
                ? Optional.empty()
                : Optional.of(parent);
    }

    /** By hand, since it is asked for each request and each delivery several times. */
    private static boolean isWellFormed(String header) {
        if (header.length() != FORM.length()) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char c = header.charAt(i);
            boolean fits =
                    FORM.charAt(i) == 'x' ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') : c == FORM.charAt(i);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** The first span of a new trace. */
    static TraceParent begin(RandomGenerator random, TraceSampler sampler) {
        long low = nonZero(random);
        return new TraceParent(
                HEX.toHexDigits(nonZero(random)) + HEX.toHexDigits(low),
                HEX.toHexDigits(nonZero(random)),
                sampler.isKept(low) ? KEPT : PASSED_OVER);
    }

    /** A span of the same trace below this one. */
    TraceParent child(RandomGenerator random) {
        return new TraceParent(traceId, HEX.toHexDigits(nonZero(random)), flags);
    }

    /** The same, by what it is: whoever makes it again, as after a restart, makes the same. */
    public TraceParent child(String what) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((spanId + what).getBytes(StandardCharsets.UTF_8));
            return new TraceParent(traceId, HEX.formatHex(hash, 0, SPAN_BYTES), flags);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether its spans are to be published. */
    public boolean isKept() {
        return (HexFormat.fromHexDigit(flags.charAt(1)) & 1) == 1;
    }

    /** The header's value. */
    @Override
    public String toString() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static long nonZero(RandomGenerator random) {
        long value;
        do {
            value = random.nextLong();
        } while (value == 0);
        return value;
    }
}
