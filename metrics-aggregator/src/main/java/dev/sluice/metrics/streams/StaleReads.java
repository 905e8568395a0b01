package dev.sluice.metrics.streams;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is read within one call come from copies of the windows, and from windows that are being restored, and says how many records of their changelogs
 * those lack at most. A copy that is further behind than it may be counts as none. For one call on one thread.
 */
public final class StaleReads {

    private static final ScopedValue<StaleReads> CURRENT = ScopedValue.newInstance();

    private final long mostRecords;
    private final Map<String, Long> behind = new HashMap<>();
    private @Nullable Map<String, Map<Integer, Long>> lags;

    /** How far each partition of each store that an instance has was behind; asked for before it is read, so that it is that at most. */
    @FunctionalInterface
    interface Lags {
        Map<String, Map<Integer, Long>> fetch();
    }

    /** @param mostRecords that a copy may be behind */
    public StaleReads(long mostRecords) {
        this.mostRecords = mostRecords;
    }

    /** What a call reads that may be answered by copies. */
    public <T> T call(Callable<T> read) throws Exception {
        return ScopedValue.where(CURRENT, this).call(read::call);
    }

    /** Records that are missing at most in all that was read, by the changelogs' offsets. */
    public long lagRecords() {
        return behind.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Empty where only the windows themselves will do. */
    static Optional<StaleReads> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** @throws StoresNotReadyException when this instance has no copy, or one that is too far behind */
    void require(String store, int partition, Lags source) {
        Map<String, Map<Integer, Long>> known = lags;
        if (known == null) {
            known = source.fetch();
            lags = known;
        }
        Long lag = known.getOrDefault(store, Map.of()).get(partition);
        if (lag == null) {
            throw new StoresNotReadyException("this instance has no copy of the windows");
        }
        if (lag > mostRecords) {
            throw new StoresNotReadyException("the copies of the windows are being restored");
        }
        behind.put(store + "-" + partition, lag);
    }
}
