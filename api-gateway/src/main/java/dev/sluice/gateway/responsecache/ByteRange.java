package dev.sluice.gateway.responsecache;

import dev.sluice.platform.web.caching.Directives;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One range of bytes of a whole answer (RFC 9110, section 14). Pure.
 *
 * @param first index of its first byte
 * @param last index of its last byte; before the first when no byte of the answer is in it
 */
record ByteRange(long first, long last) {

    private static final String UNIT = "bytes=";

    /** The range that a request asks for; empty when it asks for none, for several, or for something else. */
    static Optional<ByteRange> of(Fields request, long length) {
        List<String> lines = request.all("Range");
        if (lines.size() != 1 || !lines.getFirst().toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return Optional.empty();
        }
        String spec = lines.getFirst().substring(UNIT.length()).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || spec.indexOf(',') >= 0) {
            return Optional.empty();
        }
        String from = spec.substring(0, dash).strip();
        String to = spec.substring(dash + 1).strip();
        if (from.isEmpty()) {
            long suffix = Directives.numberOf(to);
            return suffix < 0 ? Optional.empty() : Optional.of(ofSuffix(suffix, length));
        }
        long first = Directives.numberOf(from);
        long last = to.isEmpty() ? length - 1 : Directives.numberOf(to);
        if (first < 0 || (!to.isEmpty() && last < first)) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(first, first >= length ? -1 : Math.min(last, length - 1)));
    }

    private static ByteRange ofSuffix(long suffix, long length) {
        return suffix == 0 || length == 0
                ? new ByteRange(0, -1)
                : new ByteRange(Math.max(0, length - suffix), length - 1);
    }

    boolean isSatisfiable() {
        return last >= first;
    }

    int size() {
        return Math.toIntExact(last - first + 1);
    }
}
