package dev.sluice.metrics.query;

import dev.sluice.metrics.reuse.ReuseTally;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer about sampled reads rests on.
 *
 * @param status {@code ok}; {@code no_reads}, {@code too_little_data} or {@code not_sampled} where nothing can be said
 * @param reads all that there were, but those that failed
 * @param not_sampled_reads those that no sample had room for
 * @param sampled_keys in the samples, at most at once
 * @param sampling_rate the part of all keys that the samples had, at least
 * @param nodes whose reads were sampled, in one partition at most
 * @param since the first read
 * @param until the last one
 */
record ReuseEvidence(
        String status,
        long reads,
        long not_sampled_reads,
        long sampled_reads,
        long sampled_keys,
        double sampling_rate,
        long nodes,
        int partitions,
        @Nullable Instant since,
        @Nullable Instant until) {
    static final String OK = "ok";

    /** Fewer make a curve of chance. */
    private static final long LEAST_READS = 200;

    static ReuseEvidence of(List<ReuseTally> partitions, ReuseTally others) {
        ReuseTally all = new ReuseTally();
        partitions.forEach(all::merge);
        long keys = partitions.stream().mapToLong(ReuseTally::sampledKeys).sum();
        boolean isAny = all.reads() > 0;
        return new ReuseEvidence(
                status(all, partitions.isEmpty() ? others.leftOut() : all.leftOut()),
                all.reads(),
                all.leftOut(),
                all.sampledReads(),
                keys,
                isAny ? all.keyRate() : 0,
                all.samples(),
                partitions.size(),
                isAny ? Instant.ofEpochMilli(all.firstMillis()) : null,
                isAny ? Instant.ofEpochMilli(all.lastMillis()) : null);
    }

    private static String status(ReuseTally all, long leftOut) {
        if (all.reads() == 0) {
            return leftOut > 0 ? "not_sampled" : "no_reads";
        }
        return all.sampledReads() < LEAST_READS ? "too_little_data" : OK;
    }

    boolean isEnough() {
        return status.equals(OK);
    }
}
