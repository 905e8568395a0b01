package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.Epoch;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.CacheEpoch;
import dev.sluice.record.CacheEpochScope;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The purges on the log: of each scope the newest, until it is swept. Every node hears of them and applies them to its
 * own copies. Thread-safe; never blocks.
 */
final class EpochTable {

    /** No tenant is named so. */
    private static final String NOBODY = "sluice|warm-up";

    private final LogTable<CacheEpoch> table;
    private final KeyFates fates;
    private final InstantSource clock;

    EpochTable(LogTable<CacheEpoch> table, TwoLevelCache cache, KeyFates fates, InstantSource clock) {
        this.table = table;
        this.fates = fates;
        this.clock = clock;
        table.onChange((key, before, after) -> {
            apply(cache, before, after);
            if (after != null) {
                fates.purged(after.getTenant(), after.getNamespace(), after.getEpoch());
            }
        });
    }

    static LogTable<CacheEpoch> open(LogTables tables) {
        return tables.of(Topics.CACHE_EPOCHS);
    }

    /**
     * Completes as soon as the log has this epoch; fails as {@link LogTable} says. For one that Redis has issued: should an older one of its scope
     * come to stand behind it, whoever hears both goes by the newer, whoever hears the older alone asks Redis, and a sweep puts it right.
     */
    CompletableFuture<?> post(Epoch epoch) {
        fates.purged(epoch.tenant(), epoch.namespace(), epoch.number());
        return table.post(keyOf(epoch), recordOf(epoch, clock.instant()));
    }

    /** Completes once the log has this epoch or a newer one of its scope as the last; fails as {@link LogTable} says. */
    CompletableFuture<Void> announce(Epoch epoch) {
        String key = keyOf(epoch);
        Optional<Versioned<CacheEpoch>> known = table.findVersioned(key);
        if (known.isPresent() && known.get().value().getEpoch() >= epoch.number()) {
            return CompletableFuture.completedFuture(null);
        }
        long version = known.map(Versioned::version).orElse(LogTable.ABSENT);
        return table.put(key, recordOf(epoch, clock.instant()), version)
                .<Void>thenApply(written -> null)
                .exceptionallyCompose(failure -> overtaken(failure, epoch));
    }

    /** Does what an announcement does, about a scope of nobody, of which nothing was ever there. */
    CompletableFuture<Void> rehearse() {
        return table.whenReady().thenCompose(ready -> table.remove(NOBODY));
    }

    /** Announces the epoch where the log has an older one of its scope. */
    CompletableFuture<Void> correct(Epoch epoch) {
        boolean older = table.find(keyOf(epoch))
                .filter(known -> known.getEpoch() < epoch.number())
                .isPresent();
        return older ? announce(epoch) : CompletableFuture.completedFuture(null);
    }

    /** Takes an epoch that was swept off the log, unless its scope was purged again. */
    CompletableFuture<Void> retire(Epoch epoch) {
        String key = keyOf(epoch);
        return table.findVersioned(key)
                .filter(known -> known.value().getEpoch() <= epoch.number())
                .map(known -> table.remove(key, known.version()))
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .exceptionallyCompose(failure -> isConflict(failure)
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Void> overtaken(Throwable failure, Epoch epoch) {
        return isConflict(failure) ? announce(epoch) : CompletableFuture.failedFuture(failure);
    }

    private static boolean isConflict(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof VersionConflictException;
    }

    private static void apply(TwoLevelCache cache, @Nullable CacheEpoch before, @Nullable CacheEpoch after) {
        if (after != null) {
            epochOf(after).ifPresent(cache::purged);
        } else if (before != null) {
            epochOf(before).ifPresent(cache::swept);
        }
    }

    private static String keyOf(Epoch epoch) {
        return String.join(
                "|",
                epoch.tenant(),
                scopeOf(epoch.scope().kind()).name(),
                epoch.namespace(),
                epoch.soft() ? "soft" : "hard",
                epoch.scope().name());
    }

    private static CacheEpoch recordOf(Epoch epoch, Instant now) {
        return CacheEpoch.newBuilder()
                .setTenant(epoch.tenant())
                .setScope(scopeOf(epoch.scope().kind()))
                .setNamespace(epoch.namespace())
                .setName(epoch.scope().name())
                .setEpoch(epoch.number())
                .setSoft(epoch.soft())
                .setAt(now)
                .build();
    }

    /** Empty for a scope that only later versions know. */
    private static Optional<Epoch> epochOf(CacheEpoch record) {
        return kindOf(record.getScope())
                .map(kind -> new Epoch(
                        record.getTenant(),
                        record.getNamespace(),
                        new PurgeScope(kind, record.getName()),
                        record.getSoft(),
                        record.getEpoch()));
    }

    private static CacheEpochScope scopeOf(PurgeScope.Kind kind) {
        return switch (kind) {
            case NAMESPACE -> CacheEpochScope.NAMESPACE;
            case KEY -> CacheEpochScope.KEY;
            case TAG -> CacheEpochScope.TAG;
            case PREFIX -> CacheEpochScope.PREFIX;
            case PATTERN -> CacheEpochScope.PATTERN;
        };
    }

    private static Optional<PurgeScope.Kind> kindOf(CacheEpochScope scope) {
        return switch (scope) {
            case NAMESPACE -> Optional.of(PurgeScope.Kind.NAMESPACE);
            case KEY -> Optional.of(PurgeScope.Kind.KEY);
            case TAG -> Optional.of(PurgeScope.Kind.TAG);
            case PREFIX -> Optional.of(PurgeScope.Kind.PREFIX);
            case PATTERN -> Optional.of(PurgeScope.Kind.PATTERN);
            case UNKNOWN -> Optional.empty();
        };
    }
}
