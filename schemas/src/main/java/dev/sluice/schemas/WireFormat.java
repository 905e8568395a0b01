package dev.sluice.schemas;

/**
 * The Confluent wire format: a zero byte, the schema id as four bytes big-endian, the Avro binary encoding. Chosen
 * because every Kafka tool reads it; see "Wire Format" in Confluent's Schema Registry documentation.
 */
public final class WireFormat {
    /** Bytes before the Avro encoding. */
    public static final int PREFIX_LENGTH = 5;

    /** What readers accept unless told otherwise; the broker's own default for a record batch. */
    public static final int DEFAULT_MAX_BYTES = 1024 * 1024;

    static final byte MAGIC = 0;

    private WireFormat() {}

    static int readId(byte[] bytes) {
        return (bytes[1] & 0xff) << 24 | (bytes[2] & 0xff) << 16 | (bytes[3] & 0xff) << 8 | (bytes[4] & 0xff);
    }

    static byte[] prefix(int id) {
        return new byte[] {MAGIC, (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id};
    }
}
