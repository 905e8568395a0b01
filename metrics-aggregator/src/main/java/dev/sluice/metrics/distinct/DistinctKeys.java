package dev.sluice.metrics.distinct;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many different keys were met, by their hashes: the estimate has a standard error of {@link #STANDARD_ERROR}. Merging is exact: in any
 * order and grouping the result is that of one that met all keys. Not thread-safe.
 *
 * <p>Design: UltraLogLog (Ertl: "UltraLogLog: A Practical and More Space-Efficient Alternative to HyperLogLog for Approximate
 * Distinct Counting", VLDB 2024), by hash4j, with 2^9 registers of a byte.
 *
 * <p>Encoding, version 1: version, number of keys met, number of filled registers; as pairs of the distance from the one before and its
 * value when they are fewer than half of all, else all registers.
 */
public final class DistinctKeys {
    /** 0.764 / √512, as the paper has it. */
    public static final double STANDARD_ERROR = 0.034;

    private static final int VERSION = 1;
    private static final int PRECISION = 9;
    private static final int REGISTERS = 1 << PRECISION;

    private final UltraLogLog registers;
    private long met;

    public DistinctKeys() {
        this(UltraLogLog.create(PRECISION), 0);
    }

    private DistinctKeys(UltraLogLog registers, long met) {
        this.registers = registers;
        this.met = met;
    }

    /** Meets a key, by a hash whose bits are all well mixed. */
    public void add(long hash) {
        registers.add(hash);
        met++;
    }

    /** Meets keys, by such hashes. */
    public void add(long[] hashes) {
        for (long hash : hashes) {
            registers.add(hash);
        }
        met += hashes.length;
    }

    /** Meets all keys that the other one has met; the other one stays as it is. */
    public void merge(DistinctKeys other) {
        registers.add(other.registers);
        met += other.met;
    }

    /** How many keys were met, the same ones again and again. */
    public long met() {
        return met;
    }

    /** How many different ones; never more than were met. */
    public long estimate() {
        return Math.min(met, Math.round(registers.getDistinctCountEstimate()));
    }

    public void encode(CompactWriter out) {
        byte[] state = registers.getState();
        int filled = 0;
        for (byte register : state) {
            filled += register == 0 ? 0 : 1;
        }
        out.writeByte(VERSION).writeCount(met).writeCount(filled);
        if (filled >= REGISTERS / 2) {
            out.writeBytes(state);
            return;
        }
        int previous = -1;
        for (int i = 0; i < state.length; i++) {
            if (state[i] != 0) {
                out.writeCount(i - previous).writeByte(state[i]);
                previous = i;
            }
        }
    }

    /** Reads what was encoded; refuses what cannot be. */
    public static DistinctKeys decode(CompactReader in) {
        in.expectVersion(VERSION);
        long met = in.readCount();
        long filled = in.readCount();
        if (filled > REGISTERS || filled > met) {
            throw new MalformedBytesException("has " + filled + " filled registers for " + met + " keys");
        }
        byte[] state = new byte[REGISTERS];
        int at = -1;
        for (int i = 0; i < (filled >= REGISTERS / 2 ? REGISTERS : filled); i++) {
            at = filled >= REGISTERS / 2 ? i : next(at, in.readCount());
            state[at] = (byte) in.readByte();
        }
        return new DistinctKeys(UltraLogLog.wrap(state), met);
    }

    private static int next(int previous, long distance) {
        if (distance < 1 || distance >= REGISTERS - previous) {
            throw new MalformedBytesException("has a register out of range after " + previous);
        }
        return previous + (int) distance;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DistinctKeys that
                && met == that.met
                && Arrays.equals(registers.getState(), that.registers.getState());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(registers.getState()) + Long.hashCode(met);
    }

    @Override
    public String toString() {
        return "DistinctKeys[about " + estimate() + " in " + met + "]";
    }
}
