package dev.sluice.metrics.tally;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;

/**
 * What the store holds for one dimension and window: the tally, and whether it has gone out as a rollup since it last
 * changed. Both are one value, so that a crash can neither lose nor repeat the one without the other.
 */
public record WindowTally(CacheTally tally, Emission emission) {
    private static final int VERSION = 1;

    /** Whether the newest state has been emitted. */
    public enum Emission {
        PENDING,
        EMITTED
    }

    public static WindowTally pending(CacheTally tally) {
        return new WindowTally(tally, Emission.PENDING);
    }

    public WindowTally emitted() {
        return new WindowTally(tally, Emission.EMITTED);
    }

    public byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeByte(emission == Emission.EMITTED ? 1 : 0);
        tally.encode(out);
        return out.toByteArray();
    }

    public static WindowTally decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        Emission emission = switch (in.readByte()) {
            case 0 -> Emission.PENDING;
            case 1 -> Emission.EMITTED;
            default -> throw new MalformedBytesException("has an unknown emission state");
        };
        CacheTally tally = CacheTally.decode(in);
        in.expectEnd();
        return new WindowTally(tally, emission);
    }
}
