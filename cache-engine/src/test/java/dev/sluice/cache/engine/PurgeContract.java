package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.SecondLevel.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every second level promises about tags and purges. */
abstract class PurgeContract {

    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final CacheKey key = newKey();

    abstract SecondLevel level();

    /** Lets at least so much time pass, and waits for the condition. */
    abstract void awaitAfter(Duration time, Callable<Boolean> condition);

    @Test
    void keepsTagsOfValuesAndAbsences() {
        CacheValue value = text("a").withTags(List.of("b", "€ and more", "a"));
        await(level().put(key, value, LIFE, Condition.any()));
        assertThat(await(level().fetch(key)).value().tags()).containsExactly("a", "b", "€ and more");

        await(level().put(key, CacheValue.absence().withTags(List.of("c")), LIFE, Condition.any()));
        assertThat(await(level().fetch(key)).value())
                .isEqualTo(CacheValue.absence().withTags(List.of("c")));
    }

    @Test
    void whatIsMadeUnderALeaseWasBegunWithIt() {
        long token = ((Lease.Granted) await(level().lease(key, 0, HALF_A_MINUTE))).token();
        Written written = put("a", Condition.lease(token));
        assertThat(await(level().fetch(key)).start()).isEqualTo(token).isLessThan(written.version());

        Written next = put("b", Condition.any());
        assertThat(await(level().fetch(key)).start()).isEqualTo(next.version());
    }

    @Test
    void aPurgeIsBetweenWhatIsBeforeAndWhatIsAfter() {
        String tenant = "tenant-" + UUID.randomUUID();
        CacheKey before = new CacheKey(tenant, "n", "before");
        CacheKey after = new CacheKey(tenant, "n", "after");
        await(level().put(before, text("a"), LIFE, Condition.any()));
        awaitAfter(Duration.ofMillis(1), () -> true);
        long number = await(level().purge(new Purge(tenant, "n", List.of(PurgeScope.tag("x")), false)));
        awaitAfter(Duration.ofMillis(1), () -> true);
        await(level().put(after, text("a"), LIFE, Condition.any()));

        assertThat(await(level().fetch(before)).start()).isLessThan(number);
        assertThat(await(level().fetch(after)).start()).isGreaterThanOrEqualTo(number);
        assertThat(await(level().fetch(before)).lastPurge()).isEqualTo(number);
    }

    @Test
    void knowsThePurgesOfATenantAndOfEachScopeTheNewest() {
        String tenant = "tenant-" + UUID.randomUUID();
        assertThat(await(level().purges(tenant)).epochs()).isEmpty();
        List<PurgeScope> scopes = List.of(
                PurgeScope.wholeNamespace(), PurgeScope.key("a:b"), PurgeScope.prefix(":"), PurgeScope.pattern("€*"));
        await(level().purge(new Purge(tenant, "n", scopes, true)));
        long soft = await(level().purge(new Purge(tenant, "n", scopes, true)));
        long hard = await(level().purge(new Purge(tenant, "n", List.of(PurgeScope.key("a:b")), false)));

        assertThat(hard).isGreaterThan(soft);
        List<Epoch> expected = new ArrayList<>(new Purge(tenant, "n", scopes, true).epochs(soft));
        expected.add(new Epoch(tenant, "n", PurgeScope.key("a:b"), false, hard));
        assertThat(await(level().purges(tenant)).epochs()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(await(level().purges(tenant)).last()).isEqualTo(hard);
    }

    @Test
    void aTenantHasOnlySoManyPurgesAtATime() {
        String tenant = "tenant-" + UUID.randomUUID();
        List<PurgeScope> most = IntStream.range(0, Epochs.MAX_PER_TENANT)
                .mapToObj(i -> PurgeScope.tag("tag" + i))
                .toList();
        await(level().purge(new Purge(tenant, "n", most, false)));
        await(level().purge(new Purge(tenant, "n", List.of(PurgeScope.tag("tag0")), false)));
        assertThatThrownBy(() -> await(level().purge(new Purge(tenant, "n", List.of(PurgeScope.tag("more")), false))))
                .isInstanceOf(TooManyPurgesException.class);
        assertThat(await(level().purges(tenant)).epochs()).hasSize(Epochs.MAX_PER_TENANT);
    }

    @Test
    void sweepsOnlyTheVersionThatWasSeenAndKeepsALaterLease() {
        Written first = put("a", Condition.any());
        Written second = put("b", Condition.any());
        assertThat(await(level().sweep(key, first.version(), second.version()))).isFalse();
        long token = ((Lease.Granted) await(level().lease(key, second.version(), HALF_A_MINUTE))).token();
        assertThat(await(level().sweep(key, second.version(), token))).isTrue();
        assertThat(level().fetch(key).blockOptional()).isEmpty();
        assertThat(put("c", Condition.lease(token)).created()).isTrue();
    }

    @Test
    void sweepingVoidsALeaseFromBeforeThePurge() {
        Written written = put("a", Condition.any());
        long token = ((Lease.Granted) await(level().lease(key, written.version(), HALF_A_MINUTE))).token();
        assertThat(await(level().sweep(key, written.version(), token + 1))).isTrue();
        assertThatThrownBy(() -> put("b", Condition.lease(token))).isInstanceOf(ConditionFailedException.class);
    }

    private Written put(String value, Condition condition) {
        return await(level().put(key, text(value), LIFE, condition));
    }
}
