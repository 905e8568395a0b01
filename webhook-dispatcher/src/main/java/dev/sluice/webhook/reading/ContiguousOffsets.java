package dev.sluice.webhook.reading;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which offset of one partition may be committed when records are completed in any order: the one after the last record
 * before which all are complete. Offsets may have holes, as compaction and transactions leave them. Not thread-safe.
 */
final class ContiguousOffsets {

    /** Completion by offset, for every record from the first incomplete one on. */
    private final TreeMap<Long, Boolean> outstanding = new TreeMap<>();

    private long position = -1;
    /** Something is done with that no commit tells. */
    private boolean moved;

    private int incomplete;

    /** A record was fetched; offsets grow. */
    void add(long offset) {
        if ((!outstanding.isEmpty() && offset <= outstanding.lastKey()) || offset < position) {
            throw new IllegalArgumentException("offset must grow: " + offset);
        }
        outstanding.put(offset, false);
        incomplete++;
    }

    /** A record is done with; unknown and repeated offsets are refused. */
    void complete(long offset) {
        if (!Boolean.FALSE.equals(outstanding.replace(offset, true))) {
            throw new IllegalArgumentException("offset is not outstanding: " + offset);
        }
        incomplete--;
        moved = true;
        while (!outstanding.isEmpty() && outstanding.firstEntry().getValue()) {
            position = outstanding.pollFirstEntry().getKey() + 1;
        }
    }

    /** Whether something was done with that no commit tells. */
    boolean moved() {
        return moved;
    }

    /** What to commit, if anything was done since the last {@link #markCommitted}. */
    Optional<Progress> committable() {
        if (!moved) {
            return Optional.empty();
        }
        long from = outstanding.isEmpty() ? position : outstanding.firstKey();
        return Optional.of(Progress.of(
                from,
                () -> outstanding.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .iterator()));
    }

    void markCommitted() {
        moved = false;
    }

    /** What was marked as committed is to be committed again. */
    void forgetCommit() {
        moved = position >= 0 || !outstanding.isEmpty();
    }

    /** Records fetched and not yet committable. */
    int size() {
        return outstanding.size();
    }

    /** Records fetched and not done with. */
    int incomplete() {
        return incomplete;
    }
}
