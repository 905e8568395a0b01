package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheObserver;
import dev.sluice.cache.engine.CopyAuditor;
import dev.sluice.cache.engine.Quotas;
import dev.sluice.cache.engine.RedisLedgers;
import dev.sluice.cache.engine.RedisLocks;
import dev.sluice.cache.engine.RedisSweep;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.engine.WriteIntents;
import dev.sluice.cache.event.ChangePublisher;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.cache.node.CacheNode;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.CacheEpoch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Wires what keeps nodes coherent. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CoherenceProperties.class, AuditProperties.class})
class CoherenceConfiguration {

    @Bean
    InvalidationPublisher invalidationPublisher(RecordPublishers publishers, InstantSource clock, CacheNode node) {
        return new InvalidationPublisher(publishers, clock, node.id());
    }

    @Bean
    CoherentCache coherentCache(
            TwoLevelCache cache,
            InvalidationPublisher invalidations,
            ChangePublisher changes,
            WriteIntents intents,
            EpochTable epochs,
            CoherenceProperties properties) {
        return new CoherentCache(cache, invalidations, changes, intents, epochs, properties.ackTimeout());
    }

    @Bean
    @Primary
    CacheObserver announcedLoads(
            @Qualifier("readPublisher") CacheObserver reads,
            InvalidationPublisher invalidations,
            ChangePublisher changes,
            WriteIntents intents) {
        return new AnnouncedLoads(reads, invalidations, changes, intents);
    }

    @Bean
    LogTable<CacheEpoch> epochLog(LogTables tables) {
        return EpochTable.open(tables);
    }

    @Bean
    EpochTable epochTable(
            LogTable<CacheEpoch> epochLog,
            TwoLevelCache cache,
            KeyFates fates,
            InstantSource clock,
            MeterRegistry meters) {
        Gauge.builder("sluice.cache.purges", cache, one -> one.epochs().size())
                .description("Purges that this node knows and that are not carried out in Redis yet")
                .register(meters);
        return new EpochTable(epochLog, cache, fates, clock);
    }

    @Bean
    EpochSweeper epochSweeper(
            RedisSweep sweep,
            RedisLocks locks,
            TwoLevelCache cache,
            EpochTable epochs,
            CacheNode node,
            MeterRegistry meters) {
        Counter swept = Counter.builder("sluice.cache.purge.swept")
                .description("Entries that purges removed or made stale in Redis")
                .register(meters);
        return new EpochSweeper(new EpochSweep(sweep, locks, cache, epochs, node.id(), swept));
    }

    /** Where nobody lays down quotas, as in an application, there are none. */
    @Bean
    LedgerKeeper ledgerKeeper(
            RedisLedgers ledgers,
            ObjectProvider<Quotas> quotas,
            RedisLocks locks,
            CacheNode node,
            InstantSource clock,
            MeterRegistry meters) {
        Counter corrected = Counter.builder("sluice.cache.quota.corrected")
                .description("Entries that counted towards quotas and were gone, or were there and did not count")
                .register(meters);
        return new LedgerKeeper(new LedgerKeeping(
                ledgers, quotas.getIfAvailable(() -> Quotas.NONE), locks, node.id(), clock, corrected));
    }

    @Bean
    IntentDrain intentDrain(
            WriteIntents intents,
            TwoLevelCache cache,
            InvalidationPublisher publisher,
            LogFollower invalidations,
            CoherenceProperties properties,
            MeterRegistry meters) {
        Counter drained = Counter.builder("sluice.cache.intents.drained")
                .description("Changes announced for nodes that did not announce them")
                .register(meters);
        return new IntentDrain(intents, cache, publisher, invalidations, properties.maxLag(), drained);
    }

    @Bean
    IntentDrainer intentDrainer(IntentDrain drain) {
        return new IntentDrainer(drain);
    }

    @Bean
    LogFollower invalidations(LogFollowers followers, TwoLevelCache cache, KeyFates fates, CacheNode node) {
        return InvalidationListener.follow(followers, cache, fates, node.id());
    }

    @Bean
    FirstLevelGate firstLevelGate(
            LogFollower invalidations,
            LogTable<CacheEpoch> epochLog,
            TwoLevelCache cache,
            CoherenceProperties properties) {
        FollowedLogs logs = new FollowedLogs(invalidations, epochLog);
        return new FirstLevelGate(logs, properties.maxLag(), new FirstLevelGate.FirstLevel() {
            @Override
            public void suspend() {
                cache.suspendFirstLevel();
            }

            @Override
            public void resume() {
                cache.resumeFirstLevel();
            }
        });
    }

    @Bean
    GateKeeper gateKeeper(FirstLevelGate gate) {
        return new GateKeeper(gate);
    }

    @Bean
    CopyAuditor copyAuditor(
            TwoLevelCache cache, AuditProperties properties, MeterRegistry meters, InstantSource clock) {
        return cache.audit(properties.settings(), meters, new WrongCopies(clock));
    }

    /** Never down: with its first level closed a node still answers, from the shared one. */
    @Bean
    HealthIndicator coherenceHealthIndicator(FirstLevelGate gate, LogFollower invalidations) {
        return () -> Health.up()
                .withDetail("firstLevel", gate.isOpen() ? "answering" : "closed until the log is followed")
                .withDetail("heardOfTheLogMillisAgo", invalidations.staleness().toMillis())
                .build();
    }
}
