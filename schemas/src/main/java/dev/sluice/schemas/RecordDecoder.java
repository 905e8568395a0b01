package dev.sluice.schemas;

import dev.sluice.schemas.UndecodableRecordException.Reason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns bytes in the {@linkplain WireFormat wire format} into records of one class, whatever version wrote them.
 * Refuses everything that is not exactly one record. Thread-safe.
 */
public final class RecordDecoder<V extends SpecificRecord> {
    private final Class<V> type;
    private final Schema readerSchema;
    private final int maxBytes;
    private final Map<Integer, DatumReader<V>> readers = new ConcurrentHashMap<>();

    private final Function<RegisteredSchema, DatumReader<V>> readerFactory;

    private RecordDecoder(Class<V> type, int maxBytes, Function<RegisteredSchema, DatumReader<V>> readerFactory) {
        if (maxBytes < WireFormat.PREFIX_LENGTH) {
            throw new IllegalArgumentException("maxBytes must hold at least the prefix: " + maxBytes);
        }
        this.type = type;
        this.readerSchema = RecordClasses.schemaOf(type);
        this.maxBytes = maxBytes;
        this.readerFactory = readerFactory;
    }

    public static <V extends SpecificRecord> RecordDecoder<V> of(Class<V> type) {
        return of(type, WireFormat.DEFAULT_MAX_BYTES);
    }

    public static <V extends SpecificRecord> RecordDecoder<V> of(Class<V> type, int maxBytes) {
        Schema schema = RecordClasses.schemaOf(type);
        return new RecordDecoder<>(
                type,
                maxBytes,
                writer -> new SpecificDatumReader<>(writer.schema(), schema, RecordClasses.dataOf(type)));
    }

    /** With readers of the caller's own. */
    static <V extends SpecificRecord> RecordDecoder<V> reading(
            Class<V> type, Function<RegisteredSchema, DatumReader<V>> readerFactory) {
        return new RecordDecoder<>(type, WireFormat.DEFAULT_MAX_BYTES, readerFactory);
    }

    /**
     * Reads one record.
     *
     * @throws UndecodableRecordException for whatever the bytes do to the reader, a full stack included
     */
    public V decode(byte[] bytes) {
        try {
            return read(bytes);
        } catch (UndecodableRecordException e) {
            throw e;
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new UndecodableRecordException(Reason.EXHAUSTED, e.getClass().getSimpleName(), e);
        } catch (Throwable e) {
            throw new UndecodableRecordException(Reason.MALFORMED, "not a " + type.getSimpleName(), e);
        }
    }

    private V read(byte[] bytes) throws Exception {
        if (bytes.length == 0) {
            throw new UndecodableRecordException(Reason.EMPTY, "the record is empty");
        }
        if (bytes.length > maxBytes) {
            throw new UndecodableRecordException(
                    Reason.OVERSIZE, "the record is " + bytes.length + " bytes, more than " + maxBytes);
        }
        if (bytes.length < WireFormat.PREFIX_LENGTH || bytes[0] != WireFormat.MAGIC) {
            throw new UndecodableRecordException(Reason.NO_PREFIX, "the record has no schema id");
        }
        DatumReader<V> reader = readerFor(WireFormat.readId(bytes));
        StrictBinaryDecoder decoder = new StrictBinaryDecoder(bytes, WireFormat.PREFIX_LENGTH);
        V value = reader.read(null, decoder);
        if (decoder.remainingBytes() > 0) {
            throw new UndecodableRecordException(
                    Reason.TRAILING_BYTES, decoder.remainingBytes() + " bytes follow the record");
        }
        return value;
    }

    private DatumReader<V> readerFor(int id) {
        DatumReader<V> known = readers.get(id);
        if (known != null) {
            return known;
        }
        RegisteredSchema writer = SchemaCatalogue.shared()
                .find(id)
                .orElseThrow(
                        () -> new UndecodableRecordException(Reason.UNKNOWN_SCHEMA, "schema id " + id + " is unknown"));
        if (!writer.schema().getFullName().equals(readerSchema.getFullName())) {
            throw new UndecodableRecordException(
                    Reason.WRONG_RECORD, "the record is a " + writer.record() + ", not a " + type.getSimpleName());
        }
        return readers.computeIfAbsent(id, unseen -> readerFactory.apply(writer));
    }
}
