package dev.sluice.benchmarks.aggregator;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.CacheTally;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Tallies in their own encoding, as the aggregator stores them. */
final class TallySerializer extends TypeSerializerSingleton<CacheTally> {
    static final TallySerializer INSTANCE = new TallySerializer();

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public CacheTally createInstance() {
        return new CacheTally();
    }

    @Override
    public CacheTally copy(CacheTally from) {
        CacheTally copy = new CacheTally();
        copy.merge(from);
        return copy;
    }

    @Override
    public CacheTally copy(CacheTally from, CacheTally reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(CacheTally tally, DataOutputView target) throws IOException {
        CompactWriter out = new CompactWriter();
        tally.encode(out);
        byte[] bytes = out.toByteArray();
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public CacheTally deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return CacheTally.decode(new CompactReader(bytes));
    }

    @Override
    public CacheTally deserialize(CacheTally reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
    }

    @Override
    public TypeSerializerSnapshot<CacheTally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Of the only version there is. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<CacheTally> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
