package dev.sluice.metrics.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes variable-length integers (LEB128, as in Protocol Buffers): small counts take one byte. Not thread-safe. */
public final class CompactWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    public CompactWriter writeByte(int value) {
        bytes.write(value);
        return this;
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
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    /** Writes its length in bytes and its UTF-8. */
    public CompactWriter writeText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeCount(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private CompactWriter writeBits(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }
}
