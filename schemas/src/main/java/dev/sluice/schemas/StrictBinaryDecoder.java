package dev.sluice.schemas;

import dev.sluice.schemas.UndecodableRecordException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding over one array, read without trust: no length may exceed the bytes that are left, so no record
 * can ask for more memory than it is long; varints end within their type; text must be UTF-8, which Avro's own decoder
 * replaces silently.
 *
 * <p>Source: Avro 1.12 specification, "Binary Encoding". Counts of arrays and maps are held against the bytes left as
 * well, which is right as long as no schema has items of zero bytes (the schema lint sees to that).
 */
final class StrictBinaryDecoder extends Decoder {
    private final byte[] bytes;
    private final int end;
    private int position;

    StrictBinaryDecoder(byte[] bytes, int from) {
        this.bytes = bytes;
        this.position = from;
        this.end = bytes.length;
    }

    @Override
    public int remainingBytes() {
        return end - position;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() {
        require(1);
        byte value = bytes[position++];
        if (value != 0 && value != 1) {
            throw malformed("a boolean is neither 0 nor 1");
        }
        return value == 1;
    }

    @Override
    public int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("an int has more than 32 bits");
        }
        return (int) value;
    }

    @Override
    public long readLong() {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            require(1);
            byte next = bytes[position++];
            if (shift == 63 && next != 0 && next != 1) {
                throw malformed("a long has more than 64 bits");
            }
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw malformed("a number does not end");
    }

    @Override
    public float readFloat() {
        require(4);
        return Float.intBitsToFloat((int) readLittleEndian(4));
    }

    @Override
    public double readDouble() {
        require(8);
        return Double.longBitsToDouble(readLittleEndian(8));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) {
        return new Utf8(readString());
    }

    @Override
    public String readString() {
        int length = readLength();
        int from = position;
        position += length;
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        // U+FFFD is what the decoder puts for a broken sequence; a sender may also have written it.
        if (text.indexOf('\uFFFD') >= 0 && !isEncodingOf(text, from, length)) {
            throw new UndecodableRecordException(Reason.INVALID_UTF8, "a string is not UTF-8");
        }
        return text;
    }

    private boolean isEncodingOf(String text, int from, int length) {
        byte[] again = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(again, 0, again.length, bytes, from, from + length);
    }

    @Override
    public void skipString() {
        readString();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) {
        int length = readLength();
        byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return ByteBuffer.wrap(copy);
    }

    @Override
    public void skipBytes() {
        position += readLength();
    }

    @Override
    public void readFixed(byte[] target, int start, int length) {
        require(length);
        System.arraycopy(bytes, position, target, start, length);
        position += length;
    }

    @Override
    public void skipFixed(int length) {
        require(length);
        position += length;
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        return readCount();
    }

    @Override
    public long arrayNext() {
        return readCount();
    }

    @Override
    public long readMapStart() {
        return readCount();
    }

    @Override
    public long mapNext() {
        return readCount();
    }

    @Override
    public long skipArray() {
        return skipBlocks();
    }

    @Override
    public long skipMap() {
        return skipBlocks();
    }

    /** A negative count is followed by the size of the block in bytes. */
    private int readCount() {
        long count = readLong();
        if (count < 0) {
            long size = readLong();
            if (size < 0) {
                throw malformed("a block has a negative size");
            }
            require(size);
            count = -count;
        }
        // -Long.MIN_VALUE is still negative; require refuses it with the rest.
        require(count);
        return (int) count;
    }

    /** Skips blocks that state their size; the items of another are the caller's to skip. */
    private long skipBlocks() {
        long count = readLong();
        while (count < 0) {
            long size = readLong();
            require(size);
            position += (int) size;
            count = readLong();
        }
        require(count);
        return count;
    }

    private int readLength() {
        long length = readLong();
        require(length);
        return (int) length;
    }

    private void require(long length) {
        if (length < 0) {
            throw malformed("a length is negative");
        }
        if (length > end - position) {
            throw new UndecodableRecordException(Reason.TRUNCATED, "the record ends too early");
        }
    }

    private long readLittleEndian(int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[position++] & 0xffL) << (8 * i);
        }
        return value;
    }

    private static UndecodableRecordException malformed(String what) {
        return new UndecodableRecordException(Reason.MALFORMED, what);
    }
}
