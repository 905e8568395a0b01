package dev.sluice.metrics.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes variable-length integers (LEB128, as in Protocol Buffers): small counts take one byte. Not thread-safe. */
public final class CompactWriter {
    private static final int FIRST_CAPACITY = 256;

    /** LEB128 of 64 bits. */
    private static final int LONGEST = 10;

    // A ByteArrayOutputStream takes a lock for each byte.
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int size;

    public CompactWriter writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Writes them as they are, without their number. */
    public CompactWriter writeBytes(byte[] values) {
        return writeBytes(values, 0);
    }

    /** Writes them from one on, without their number. */
    public CompactWriter writeBytes(byte[] values, int from) {
        int more = values.length - from;
        reserve(more);
        System.arraycopy(values, from, bytes, size, more);
        size += more;
        return this;
    }

    /** How many bytes are written. */
    public int size() {
        return size;
    }

    /** Writes a value that is not negative. */
    public CompactWriter writeCount(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("value must not be negative: " + value);
        }
        return writeBits(value);
    }

    /** Writes any value; those near zero on either side are short (zigzag). */
    public CompactWriter writeSigned(long value) {
        return writeBits((value << 1) ^ (value >> 63));
    }

    /** Writes eight bytes, the high ones first: for values of which all bits are mixed. */
    public CompactWriter writeFixed(long value) {
        reserve(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Writes its length in bytes and its UTF-8. */
    public CompactWriter writeText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return writeCount(utf8.length).writeBytes(utf8);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private CompactWriter writeBits(long value) {
        reserve(LONGEST);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
