package dev.sluice.starter.cache;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.starter.codec.JsonCodec;
import dev.sluice.starter.codec.TrustedTypes;
import dev.sluice.starter.codec.ValueCodec;
import dev.sluice.starter.key.StableKeyText;
import dev.sluice.starter.node.CacheStore;
import dev.sluice.starter.node.LocalStore;
import java.time.Duration;
import java.util.List;

/** Makes caches for tests, over a first level alone. */
final class Caches {

    static final Lifetime AN_HOUR = Lifetime.of(Duration.ofHours(1));

    private Caches() {}

    static CacheRules rules() {
        return new CacheRules(
                "tenant", "namespace", AN_HOUR, true, 1000, Duration.ofMinutes(1), Duration.ofSeconds(30));
    }

    static CacheRules with(Lifetime lifetime) {
        CacheRules rules = rules();
        return new CacheRules(
                rules.tenant(),
                rules.namespace(),
                lifetime,
                true,
                rules.maxBytes(),
                rules.loadPatience(),
                rules.writePatience());
    }

    static CacheRules withoutNulls() {
        CacheRules rules = rules();
        return new CacheRules(
                rules.tenant(),
                rules.namespace(),
                rules.lifetime(),
                false,
                rules.maxBytes(),
                rules.loadPatience(),
                rules.writePatience());
    }

    static CacheStore store(FakeClock clock) {
        return new LocalStore(
                TwoLevelCache.builder(CacheSettings.defaults()).clock(clock).build());
    }

    static ValueCodec codec() {
        return new JsonCodec(new TrustedTypes(List.of(Caches.class.getPackageName())));
    }

    static SluiceCache over(CacheStore store, CacheRules rules) {
        return new SluiceCache("things", store, rules, new StableKeyText(), codec());
    }
}
