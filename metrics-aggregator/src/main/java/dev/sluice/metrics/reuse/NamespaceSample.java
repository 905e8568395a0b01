package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the reads of one namespace on one partition. Each node has a first level of its own, so the distances of each are apart; the TTL is that of the value,
 * whoever reads it. Nodes of one namespace are much alike: a few of them stand for all.
 *
 * <p>Encoding, version 1: version, TTLs, number of nodes, of each its name, when it read last and its distances. Not thread-safe.
 */
final class NamespaceSample {
    /** As many nodes stand for all. */
    static final int MAX_NODES = 4;

    /** Mean errors of curves are some 0.01 with so many (FAST'15, figure 5, and our own tests). */
    static final int KEYS_BY_DISTANCE = 2048;

    /** A key that was not read for so long is forgotten. */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    /** A node that has not read for so long gives its room to another. */
    private static final Duration ACTIVE = Duration.ofHours(1);

    /** A read cannot be later than its batch by more; a larger offset counts as this. */
    private static final long MAX_OFFSET_MICROS = Duration.ofMinutes(1).toMillis() * 1000;

    private static final int VERSION = 1;

    private final Map<String, Node> nodes = new HashMap<>();
    private final TtlSamples ttls;
    private boolean isChanged;

    private static final class Node {
        private final ReuseDistances distances;
        private long readMillis;

        Node(ReuseDistances distances, long readMillis) {
            this.distances = distances;
            this.readMillis = readMillis;
        }
    }

    NamespaceSample() {
        this(new TtlSamples());
    }

    private NamespaceSample(TtlSamples ttls) {
        this.ttls = ttls;
    }

    int nodes() {
        return nodes.size();
    }

    /** Whether a node has its distances apart, or there is room for it. */
    boolean admits(String node, long atMillis) {
        if (!nodes.containsKey(node) && nodes.size() >= MAX_NODES) {
            nodes.values().removeIf(known -> known.readMillis < atMillis - ACTIVE.toMillis());
        }
        return nodes.containsKey(node) || nodes.size() < MAX_NODES;
    }

    boolean has(String node) {
        return nodes.containsKey(node);
    }

    /** Whether anybody has read of late. */
    boolean isActive(long atMillis) {
        return nodes.values().stream().anyMatch(known -> known.readMillis >= atMillis - ACTIVE.toMillis());
    }

    /**
     * Counts reads of a node that is admitted. Those that failed say nothing.
     *
     * @param batchMillis what their offsets count from
     */
    void read(String node, List<CacheRead> reads, long batchMillis, ReuseTally tally) {
        int count = 0;
        long hits = 0;
        long firstMicros = Long.MAX_VALUE;
        long lastMicros = Long.MIN_VALUE;
        for (int i = 0; i < reads.size(); i++) {
            CacheRead read = reads.get(i);
            if (read.getOutcome() != CacheOutcome.ERROR) {
                count++;
                hits += read.getOutcome() == CacheOutcome.L1_HIT ? 1 : 0;
                firstMicros = Math.min(firstMicros, read.getOffsetMicros());
                lastMicros = Math.max(lastMicros, read.getOffsetMicros());
            }
        }
        if (count == 0) {
            return;
        }
        long first = atMillis(batchMillis, firstMicros);
        long last = atMillis(batchMillis, lastMicros);
        tally.read(count, hits, first, last);
        long readMillis = last;
        Node reader = nodes.computeIfAbsent(node, absent -> new Node(new ReuseDistances(KEYS_BY_DISTANCE), readMillis));
        reader.readMillis = Math.max(reader.readMillis, last);
        int distancesOfEach = reader.distances.shifts().begin(first, count);
        int ttlsOfEach = ttls.shifts().begin(first, count);
        tally.rest((1L - distancesOfEach) * count);
        if (distancesOfEach == 0 && ttlsOfEach == 0) {
            return;
        }
        isChanged = true;
        long[] mixed = new long[reads.size()];
        long[] atMillis = new long[reads.size()];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = KeySample.mix(reads.get(i).getKeyHash());
            atMillis[i] = atMillis(batchMillis, reads.get(i).getOffsetMicros());
        }
        if (distancesOfEach > 0) {
            measure(reader.distances, reads, mixed, atMillis, distancesOfEach, tally);
        }
        if (ttlsOfEach > 0) {
            ttls.read(reads, mixed, atMillis, ttlsOfEach, tally.ttls());
        }
    }

    private static long atMillis(long batchMillis, long offsetMicros) {
        return batchMillis + Math.clamp(offsetMicros, 0, MAX_OFFSET_MICROS) / 1000;
    }

    private static void measure(
            ReuseDistances distances,
            List<CacheRead> reads,
            long[] mixed,
            long[] atMillis,
            int weight,
            ReuseTally tally) {
        KeySample keys = distances.sample();
        SampledReads sampled = new SampledReads(keys, reads, mixed);
        for (int i = 0; i < sampled.count(); i++) {
            int at = sampled.read(i);
            CacheRead read = reads.get(at);
            ReadOutcome outcome = ReadOutcome.of(read.getOutcome());
            if (outcome != ReadOutcome.ERROR && keys.takes(mixed[at])) {
                long hash = read.getKeyHash();
                distances.read(
                        hash,
                        mixed[at],
                        sampled.place(i, hash),
                        read.getSizeBytes(),
                        outcome == ReadOutcome.L1_HIT,
                        !isForWantOfRoom(outcome, read),
                        weight,
                        atMillis[at],
                        tally);
            }
        }
        distances.shifts().end(sampled.count());
    }

    /** Whether a larger first level would have had the value: it was there still, or had to go. What had expired or was removed no size keeps. */
    private static boolean isForWantOfRoom(ReadOutcome outcome, CacheRead read) {
        return outcome == ReadOutcome.L2_HIT || read.getMissClass() == MissClass.EVICTED;
    }

    /** Notes what it is like. */
    void describeTo(ReuseTally tally) {
        long keys = 0;
        long threshold = KeySample.POSITIONS;
        for (Node node : nodes.values()) {
            keys += node.distances.keys();
            threshold = Math.min(threshold, node.distances.threshold());
        }
        tally.sampled(keys, nodes.size(), threshold);
    }

    void forget(long nowMillis) {
        long before = nowMillis - REMEMBERED.toMillis();
        nodes.values().forEach(node -> node.distances.forget(before, nowMillis));
        ttls.forget(before);
        isChanged = true;
    }

    /** What is to be stored; null when nothing has changed since it was asked for last. */
    byte @Nullable [] takeChanged() {
        if (!isChanged) {
            return null;
        }
        isChanged = false;
        return encode();
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION);
        ttls.encode(out);
        out.writeCount(nodes.size());
        nodes.forEach((name, node) -> {
            out.writeText(name).writeCount(Math.max(0, node.readMillis));
            node.distances.encode(out);
        });
        return out.toByteArray();
    }

    /** Goes on from what was encoded; refuses anything else. */
    static NamespaceSample decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        NamespaceSample sample = new NamespaceSample(TtlSamples.decode(in));
        for (long left = in.readCount(); left > 0; left--) {
            String name = in.readText();
            long readMillis = in.readCount();
            sample.nodes.put(name, new Node(ReuseDistances.decode(in, KEYS_BY_DISTANCE), readMillis));
        }
        in.expectEnd();
        return sample;
    }
}
