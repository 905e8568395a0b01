package dev.sluice.benchmarks.aggregator;

import dev.sluice.record.CacheReadBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.util.ClassSecurityValidator;

/** Batches as their newest version writes them, behind five bytes of prefix. Not thread-safe. */
final class BatchDecoder {
    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith("dev.sluice.record.")));
    }

    private static final int PREFIX = 5;

    private final SpecificDatumReader<CacheReadBatch> reader = new SpecificDatumReader<>(CacheReadBatch.class);
    private BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(new byte[0], null);

    CacheReadBatch decode(byte[] record) {
        decoder = DecoderFactory.get().binaryDecoder(record, PREFIX, record.length - PREFIX, decoder);
        try {
            return reader.read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
