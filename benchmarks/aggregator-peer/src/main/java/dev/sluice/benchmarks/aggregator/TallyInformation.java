package dev.sluice.benchmarks.aggregator;

import dev.sluice.metrics.tally.CacheTally;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink how tallies are written, which Kryo would do with all that is in them. */
final class TallyInformation extends TypeInformation<CacheTally> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<CacheTally> getTypeClass() {
        return CacheTally.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<CacheTally> createSerializer(SerializerConfig config) {
        return TallySerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "CacheTally";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TallyInformation;
    }

    @Override
    public int hashCode() {
        return TallyInformation.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TallyInformation;
    }
}
