package dev.sluice.cache.engine;

import dev.sluice.cache.engine.QuotaExceededException.Bound;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.Quotas.Terms;
import dev.sluice.cache.engine.RedisNames.Ledger;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a change has to know to be made in one step with the ledger of its tenant. Thread-safe; never waits. */
final class LedgerEntries {

    private static final long NO_BOUND = -1;

    /** In the order of the script. */
    private static final List<Bound> BOUNDS =
            List.of(Bound.NAMESPACE_ENTRIES, Bound.NAMESPACE_BYTES, Bound.TENANT_ENTRIES, Bound.TENANT_BYTES);

    private final EntryScript putScript = EntryScript.put(true);
    private final EntryScript putAllScript = EntryScript.putAll(true);
    private final EntryScript deleteScript = EntryScript.deleteInLedger();
    private final RedisLink redis;
    private final Quotas quotas;
    private final OtherLedgers others;

    LedgerEntries(RedisLink redis, Quotas quotas) {
        this.redis = redis;
        this.quotas = quotas;
        this.others = new OtherLedgers(redis);
    }

    /** Null for what counts towards nothing. */
    @Nullable
    Room room(CacheKey key) {
        Terms terms = quotas.of(key);
        return terms == null ? null : new Room(key, terms);
    }

    /** What is left for the entry of one key. */
    final class Room {

        private final CacheKey key;
        private final Ledger ledger;
        private final long[] limits;
        private final long[] elsewhere;

        private Room(CacheKey key, Terms terms) {
            this.key = key;
            this.ledger = redis.names().ledger(key);
            this.limits = new long[] {
                terms.namespace().maxEntries(),
                terms.namespace().maxBytes(),
                terms.tenant().maxEntries(),
                terms.tenant().maxBytes()
            };
            long[] ofNamespace = others.elsewhere(key, new Scope(key.tenant(), key.namespace()));
            long[] ofTenant = terms.tenant().isNone()
                    ? OtherLedgers.NOTHING
                    : others.elsewhere(key, Scope.ofTenant(key.tenant()));
            this.elsewhere = new long[] {ofNamespace[0], ofNamespace[1], ofTenant[0], ofTenant[1]};
        }

        EntryScript putScript() {
            return putScript;
        }

        /** For several, each with room of its own. */
        EntryScript putAllScript() {
            return putAllScript;
        }

        EntryScript deleteScript() {
            return deleteScript;
        }

        List<ByteBuffer> keys() {
            return List.of(redis.names().entry(key), ledger.name());
        }

        /** Namespace and key. */
        ByteBuffer name() {
            return RedisArguments.text(RedisNames.withinTenant(key));
        }

        /** Of a put, after its own. */
        List<ByteBuffer> arguments() {
            return List.of(name(), ledger.prefix(), ledger.suffix(), bound(0), bound(1), bound(2), bound(3));
        }

        private ByteBuffer bound(int which) {
            return RedisArguments.number(
                    limits[which] == Quota.UNBOUNDED ? NO_BOUND : Math.max(0, limits[which] - elsewhere[which]));
        }

        EntryScript.Answer orRefusal(EntryScript.Answer answer) {
            if (answer.state() == 2) {
                int which = Math.toIntExact(answer.number()) - 1;
                throw new QuotaExceededException(BOUNDS.get(which), answer.flag() + elsewhere[which], limits[which]);
            }
            return answer;
        }
    }
}
