package dev.sluice.platform.web;

import dev.sluice.platform.web.AccessLog.Line;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A line of the access log with gaps for what differs between requests. Immutable. */
final class AccessLineTemplate {

    private static final byte[] NONE = {};

    /** Values that stand nowhere else in a line; the zeros tell formats apart that write times in another way. */
    private static final Line SAMPLE = new Line(
            Instant.parse("1971-02-03T04:05:06.789012300Z"),
            "SLUICE-METHOD",
            "sluice-path",
            987_654_321,
            8_877_665_544_332_211L,
            "sluice-request",
            "sluice-trace",
            "sluice-route",
            "sluice-tenant",
            "sluice-key");

    /** What a gap is for. */
    private enum Value {
        AT,
        METHOD,
        PATH,
        STATUS,
        DURATION,
        REQUEST,
        TRACE,
        ROUTE,
        TENANT,
        KEY;

        String of(Line line) {
            return switch (this) {
                case AT -> line.at().toString();
                case METHOD -> line.method();
                case PATH -> line.path();
                case STATUS -> Integer.toString(line.status());
                case DURATION -> Long.toString(line.durationNanos());
                case REQUEST -> line.requestId();
                case TRACE -> line.traceId();
                case ROUTE -> orEmpty(line.route());
                case TENANT -> orEmpty(line.tenant());
                case KEY -> orEmpty(line.keyId());
            };
        }

        private static String orEmpty(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    private record Gap(int at, Value value) {}

    /** One more than gaps; none when there is no template. */
    private final List<byte[]> between;

    private final List<Value> values;
    private final int length;

    private AccessLineTemplate(List<byte[]> between, List<Value> values) {
        this.between = List.copyOf(between);
        this.values = List.copyOf(values);
        this.length = between.stream().mapToInt(piece -> piece.length).sum();
    }

    /** Learns what lines of a shape look like; one that cannot be learnt fills in nothing. */
    static AccessLineTemplate of(Function<Line, byte[]> encoder, Line.Shape shape) {
        Line sample = shape.of(SAMPLE);
        String text = new String(encoder.apply(sample), StandardCharsets.UTF_8);
        List<Gap> gaps = new ArrayList<>();
        for (Value value : Value.values()) {
            String sought = value.of(sample);
            if (!sought.isEmpty()) {
                int at = text.indexOf(sought);
                if (at < 0 || text.indexOf(sought, at + 1) >= 0) {
                    return new AccessLineTemplate(List.of(), List.of());
                }
                gaps.add(new Gap(at, value));
            }
        }
        gaps.sort(Comparator.comparingInt(Gap::at));
        List<byte[]> between = new ArrayList<>();
        int from = 0;
        for (Gap gap : gaps) {
            between.add(text.substring(from, gap.at()).getBytes(StandardCharsets.UTF_8));
            from = gap.at() + gap.value().of(sample).length();
        }
        between.add(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return new AccessLineTemplate(between, gaps.stream().map(Gap::value).toList());
    }

    /** The line in bytes; nothing when one of its values cannot stand in it as it is. */
    byte[] fill(Line line) {
        if (between.isEmpty()) {
            return NONE;
        }
        String[] texts = new String[values.size()];
        int size = length;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = values.get(i).of(line);
            if (!isPlain(texts[i])) {
                return NONE;
            }
            size += texts[i].length();
        }
        byte[] filled = new byte[size];
        int end = put(between.getFirst(), filled, 0);
        for (int i = 0; i < texts.length; i++) {
            end = put(texts[i], filled, end);
            end = put(between.get(i + 1), filled, end);
        }
        return filled;
    }

    /** Whether any format has it as it is: nothing to escape, one byte each. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static int put(byte[] piece, byte[] to, int at) {
        System.arraycopy(piece, 0, to, at, piece.length);
        return at + piece.length;
    }

    private static int put(String text, byte[] to, int at) {
        for (int i = 0; i < text.length(); i++) {
            to[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }
}
