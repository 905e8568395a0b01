package dev.sluice.metrics.reuse;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.NameBudget;
import dev.sluice.metrics.topology.TopologyProperties;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * From {@code cache.reads} to what larger caches and longer TTLs would bring, by the hour. Producers key a batch by its key pattern, so all reads of a key lie on one
 * partition, and all that is remembered of it in one task. Every name is fixed: changelog topics hang on them.
 */
public final class ReuseTopology {
    /** How long it can be asked for. */
    public static final Duration KEPT = Duration.ofDays(8);

    private static final String LADDER = "reuse-tally";
    private static final String PROCESSOR = "reuse-tally";
    private static final String SAMPLES = "reuse-sample";

    /** Namespaces of a tenant that one partition keeps apart in a day. */
    private static final int NAMESPACES_PER_TENANT = 32;

    /** The same of all tenants together. */
    private static final int NAMESPACES_IN_ALL = 256;

    private final TopologyProperties properties;

    public ReuseTopology(TopologyProperties properties) {
        this.properties = properties;
    }

    /** The windows of reuse, by {@link NamedDimension} with a name of {@link ReuseNames}. */
    public static Ladder<ReuseTally> ladderOf(TopologyProperties properties) {
        return new Ladder<>(LADDER, List.of(new Level("1h", Level.HOUR, KEPT)), properties.grace(), ReuseTally.KIND);
    }

    /** Adds this to a topology that has the source. */
    public Topology addTo(Topology topology, String source) {
        Ladder<ReuseTally> ladder = ladderOf(properties);
        topology.addProcessor(
                PROCESSOR,
                () -> new ReuseProcessor(ladder, SAMPLES, new NameBudget(NAMESPACES_PER_TENANT, NAMESPACES_IN_ALL)),
                source);
        ladder.stores().forEach(store -> topology.addStateStore(store, PROCESSOR));
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(SAMPLES), Serdes.String(), Serdes.ByteArray()),
                PROCESSOR);
        return topology;
    }
}
