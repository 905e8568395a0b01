package dev.sluice.metrics.encoding;

import java.nio.charset.StandardCharsets;

/** Reads what {@link CompactWriter} wrote and refuses everything else. Not thread-safe. */
public final class CompactReader {
    private static final int MAX_SHIFT = 63;

    private final byte[] bytes;
    private int position;

    public CompactReader(byte[] bytes) {
        this(bytes, 0);
    }

    /** @param position where to begin */
    public CompactReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    /** Where the next value begins. */
    public int position() {
        return position;
    }

    public int readByte() {
        if (position == bytes.length) {
            throw new MalformedBytesException("ends after " + position + " bytes");
        }
        return bytes[position++] & 0xFF;
    }

    /** Reads one byte that must be {@code version}. */
    public void expectVersion(int version) {
        int found = readByte();
        if (found != version) {
            throw new MalformedBytesException("has version " + found + ", not " + version);
        }
    }

    public long readCount() {
        long value = readBits();
        if (value < 0) {
            throw new MalformedBytesException("has a negative count before byte " + position);
        }
        return value;
    }

    public long readSigned() {
        long bits = readBits();
        return (bits >>> 1) ^ -(bits & 1);
    }

    public long readFixed() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | readByte();
        }
        return value;
    }

    public String readText() {
        long length = readCount();
        if (length > bytes.length - position) {
            throw new MalformedBytesException("ends within a text of " + length + " bytes");
        }
        String text = new String(bytes, position, (int) length, StandardCharsets.UTF_8);
        position += (int) length;
        return text;
    }

    /** Refuses bytes that follow the value. */
    public void expectEnd() {
        if (position != bytes.length) {
            throw new MalformedBytesException("has " + (bytes.length - position) + " trailing bytes");
        }
    }

    private long readBits() {
        long value = 0;
        for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
            int next = readByte();
            if (shift == MAX_SHIFT && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new MalformedBytesException("has an integer of more than 64 bits before byte " + position);
    }
}
