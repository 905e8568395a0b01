package dev.sluice.gateway.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes positions as the short text that clients keep as the id of an event, and reads it. A version, which log it is (four
 * bytes), the number of partitions and their offsets as base-128 numbers (as in Protocol Buffers), then a CRC-32 over all of it
 * and the tenant: a token of another tenant is as unreadable as a mistyped one. It holds no secret and grants nothing. Pure.
 */
final class PositionToken {

    /** Six partitions make some 40 characters; this is enough for a hundred. */
    static final int MAX_LENGTH = 1_024;

    private static final byte VERSION = 2;
    private static final int LOG_BYTES = 4;
    private static final int CHECK_BYTES = 4;
    private static final int MAX_NUMBER_BYTES = 9;
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    private PositionToken() {}

    static String write(String tenant, Positions positions) {
        ByteBuffer bytes =
                ByteBuffer.allocate(1 + LOG_BYTES + MAX_NUMBER_BYTES * (positions.partitions() + 1) + CHECK_BYTES);
        bytes.put(VERSION);
        bytes.putInt(positions.log());
        putNumber(bytes, positions.partitions());
        for (int partition = 0; partition < positions.partitions(); partition++) {
            putNumber(bytes, positions.at(partition));
        }
        bytes.putInt(check(tenant, bytes.array(), bytes.position()));
        return new String(
                TO_TEXT.encode(ByteBuffer.wrap(bytes.array(), 0, bytes.position()))
                        .array(),
                StandardCharsets.ISO_8859_1);
    }

    /** Empty unless {@link #write} made it for this tenant. */
    static Optional<Positions> read(String tenant, String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int length = bytes.length - CHECK_BYTES;
        if (length < 2 + LOG_BYTES || ByteBuffer.wrap(bytes).getInt(length) != check(tenant, bytes, length)) {
            return Optional.empty();
        }
        return read(ByteBuffer.wrap(bytes, 0, length))
                // One text for one position: no other spelling of it is taken.
                .filter(positions -> write(tenant, positions).equals(text));
    }

    private static Optional<Positions> read(ByteBuffer bytes) {
        if (bytes.get() != VERSION) {
            return Optional.empty();
        }
        int log = bytes.getInt();
        long partitions = takeNumber(bytes);
        // An offset takes a byte at least.
        if (partitions < 0 || partitions > bytes.remaining()) {
            return Optional.empty();
        }
        long[] next = new long[(int) partitions];
        for (int partition = 0; partition < partitions; partition++) {
            next[partition] = takeNumber(bytes);
            if (next[partition] < 0) {
                return Optional.empty();
            }
        }
        return bytes.hasRemaining()
                ? Optional.empty()
                : Optional.of(Positions.of(next).inLog(log));
    }

    private static int check(String tenant, byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(tenant.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void putNumber(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest > 0x7f) {
            bytes.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    /** -1 when there is none of at most 63 bits. */
    private static long takeNumber(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < 7 * MAX_NUMBER_BYTES && bytes.hasRemaining(); shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }
}
