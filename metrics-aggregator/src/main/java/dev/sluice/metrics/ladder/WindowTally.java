package dev.sluice.metrics.ladder;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds for one key and window: the tally, whether it has gone out since it last changed, whether the longer
 * window around it has it, and which shorter ones it has itself. All that is one value, so that a crash can neither lose nor repeat
 * the one without the other. The tally of one that was read is decoded when it is asked for.
 *
 * <p>Encoding, version 2: version, 1 when it has gone out plus 2 when the longer window has it, bits of the parts, tally. Version 1, of
 * which there was one level, had no parts.
 */
public final class WindowTally<T extends Tally<T>> {
    private static final byte[] NOTHING = {};
    private static final int VERSION = 2;
    private static final int WITHOUT_PARTS = 1;
    private static final int EMITTED = 1;
    private static final int FOLDED = 2;

    private final TallyKind<T> kind;
    private final int state;
    private final long parts;

    /** As it was read or written last, the tally from there on; empty when it has counted since. */
    private byte[] encoded;

    private int tallyAt;
    private @Nullable T tally;

    private WindowTally(TallyKind<T> kind, int state, long parts, byte[] encoded, int tallyAt, @Nullable T tally) {
        this.kind = kind;
        this.state = state;
        this.parts = parts;
        this.encoded = encoded;
        this.tallyAt = tallyAt;
        this.tally = tally;
    }

    /** One that has counted nothing. */
    static <T extends Tally<T>> WindowTally<T> empty(TallyKind<T> kind) {
        return new WindowTally<>(kind, 0, 0, NOTHING, 0, kind.empty().get());
    }

    /** What was counted; this stays its owner. */
    public T tally() {
        T decoded = tally;
        if (decoded == null) {
            CompactReader in = new CompactReader(encoded, tallyAt);
            decoded = kind.decode().apply(in);
            in.expectEnd();
            tally = decoded;
        }
        return decoded;
    }

    boolean isEmitted() {
        return (state & EMITTED) != 0;
    }

    /** Whether the longer window has it. */
    boolean isFolded() {
        return (state & FOLDED) != 0;
    }

    boolean hasPart(long part) {
        return (parts & part) != 0;
    }

    /** This with more counted, and to go out again. */
    WindowTally<T> plus(T more, long newParts) {
        T sum = tally();
        sum.merge(more);
        return new WindowTally<>(kind, state & ~EMITTED, parts | newParts, NOTHING, 0, sum);
    }

    /** This with what is counted into its tally, and to go out again. */
    WindowTally<T> counting(Consumer<T> more) {
        T sum = tally();
        more.accept(sum);
        return new WindowTally<>(kind, state & ~EMITTED, parts, NOTHING, 0, sum);
    }

    WindowTally<T> emitted() {
        return new WindowTally<>(kind, state | EMITTED, parts, encoded, tallyAt, tally);
    }

    WindowTally<T> folded() {
        return new WindowTally<>(kind, state | FOLDED, parts, encoded, tallyAt, tally);
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeByte(state).writeSigned(parts);
        int from = out.size();
        if (encoded.length > 0) {
            out.writeBytes(encoded, tallyAt);
            return out.toByteArray();
        }
        tally().encode(out);
        byte[] bytes = out.toByteArray();
        encoded = bytes;
        tallyAt = from;
        return bytes;
    }

    static <T extends Tally<T>> WindowTally<T> decode(TallyKind<T> kind, byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        int version = in.readByte();
        if (version != VERSION && version != WITHOUT_PARTS) {
            throw new MalformedBytesException("has version " + version + ", not " + VERSION);
        }
        int state = in.readByte();
        if (state > (version == VERSION ? EMITTED | FOLDED : EMITTED)) {
            throw new MalformedBytesException("has an unknown state " + state);
        }
        long parts = version == VERSION ? in.readSigned() : 0;
        return new WindowTally<>(kind, state, parts, bytes, in.position(), null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WindowTally<?> that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "WindowTally[state=" + state + ", parts=" + Long.toBinaryString(parts) + ", tally=" + tally() + "]";
    }
}
