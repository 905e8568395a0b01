package dev.sluice.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns records of one class into bytes in the {@linkplain WireFormat wire format}. Thread-safe; buffers belong to the
 * thread and are used again.
 */
public final class RecordEncoder<V extends SpecificRecord> {
    /** A buffer that grew past this is not kept, so that one large record does not stay in memory for good. */
    private static final int KEPT_BUFFER_BYTES = 64 * 1024;

    private static final ThreadLocal<Buffer> BUFFER = ThreadLocal.withInitial(Buffer::new);

    private final String record;
    private final byte[] prefix;
    private final SpecificDatumWriter<V> writer;
    private final int maxBytes;

    private RecordEncoder(Class<V> type, int maxBytes) {
        Schema schema = RecordClasses.schemaOf(type);
        this.record = type.getSimpleName();
        this.prefix = WireFormat.prefix(SchemaCatalogue.shared().idOf(schema));
        this.writer = new StrictWriter<>(schema, type);
        this.maxBytes = maxBytes;
    }

    public static <V extends SpecificRecord> RecordEncoder<V> of(Class<V> type) {
        return of(type, WireFormat.DEFAULT_MAX_BYTES);
    }

    public static <V extends SpecificRecord> RecordEncoder<V> of(Class<V> type, int maxBytes) {
        return new RecordEncoder<>(type, maxBytes);
    }

    /**
     * Writes one record.
     *
     * @throws UnencodableRecordException when readers would refuse the result, or there is none
     */
    public byte[] encode(V value) {
        Buffer buffer = BUFFER.get();
        try {
            byte[] encoded = buffer.encode(prefix, writer, value);
            if (encoded.length > maxBytes) {
                throw new UnencodableRecordException(encoded.length, maxBytes);
            }
            if (encoded.length > KEPT_BUFFER_BYTES) {
                BUFFER.remove();
            }
            return encoded;
        } catch (UnencodableRecordException e) {
            BUFFER.remove();
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The encoder holds the first half of the record.
            BUFFER.remove();
            throw new UnencodableRecordException("a field of " + record + " is missing or of the wrong type", e);
        }
    }

    /** What one thread uses again and again. */
    private static final class Buffer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        private @Nullable BinaryEncoder encoder;

        <V> byte[] encode(byte[] prefix, SpecificDatumWriter<V> writer, V value) throws IOException {
            bytes.reset();
            bytes.write(prefix, 0, prefix.length);
            BinaryEncoder reused = EncoderFactory.get().binaryEncoder(bytes, encoder);
            encoder = reused;
            writer.write(value, reused);
            reused.flush();
            return bytes.toByteArray();
        }
    }

    /** Refuses strings with half a surrogate pair, which Java would replace with a question mark. */
    private static final class StrictWriter<V extends SpecificRecord> extends SpecificDatumWriter<V> {
        StrictWriter(Schema schema, Class<V> type) {
            super(schema, RecordClasses.dataOf(type));
        }

        @Override
        protected void writeString(Object datum, Encoder out) throws IOException {
            String text = datum.toString();
            requireUnicode(text);
            out.writeString(text);
        }

        private static void requireUnicode(String text) {
            int i = 0;
            while (i < text.length()) {
                int codePoint = text.codePointAt(i);
                if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                    throw new UnencodableRecordException("a string holds half a surrogate pair", null);
                }
                i += Character.charCount(codePoint);
            }
        }
    }
}
