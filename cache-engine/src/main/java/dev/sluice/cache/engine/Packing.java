package dev.sluice.cache.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes made smaller for Redis (DEFLATE, RFC 1951), and back to exactly what they were or not at all. Pure. */
final class Packing {

    /** Longer values are stored as they are, and nothing longer is unpacked. */
    static final int MAX_BYTES = 64 << 20;

    /** What DEFLATE can make of one byte at most (zlib, algorithm.txt: 1032 to 1); more than that is a lie. */
    private static final long MAX_RATIO = 1032;

    private Packing() {}

    /** Empty when less than an eighth would be saved: then it is not worth the time that reading takes. */
    static Optional<byte[]> pack(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        byte[] packed = new byte[bytes.length - bytes.length / 8];
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            int length = deflater.deflate(packed);
            return deflater.finished() ? Optional.of(Arrays.copyOf(packed, length)) : Optional.empty();
        }
    }

    /** Takes no more memory than the length that was said, and does not believe one that cannot be. */
    static byte[] unpack(ByteBuffer packed, int length) throws UnreadableEntryException {
        if (length < 0 || length > MAX_BYTES || length > MAX_RATIO * packed.remaining()) {
            throw new UnreadableEntryException("it cannot have that length");
        }
        byte[] bytes = new byte[length];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed);
            int unpacked = inflater.inflate(bytes);
            boolean ended = inflater.finished() || (unpacked == length && inflater.inflate(new byte[1]) == 0);
            if (unpacked != length || !ended || !inflater.finished() || packed.hasRemaining()) {
                throw new UnreadableEntryException("it does not have the length that it says");
            }
            return bytes;
        } catch (DataFormatException e) {
            throw new UnreadableEntryException("its packed bytes are none");
        }
    }
}
