package dev.sluice.cache.http;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogPosition;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.CacheEpoch;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The process without Kafka and Redis: a shared level in memory, a producer that remembers, a log that is followed. */
@TestConfiguration(proxyBeanMethods = false)
class CacheHttpSetup {

    @Bean
    FakeClock fakeClock() {
        return FakeClock.fixed();
    }

    @Bean
    @Primary
    FakeSecondLevel fakeSecondLevel(InstantSource clock) {
        return new FakeSecondLevel(clock);
    }

    @Bean
    MockProducer<byte[], byte[]> mockProducer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Bean
    @Primary
    RecordPublishers mockPublishers(
            MockProducer<byte[], byte[]> producer, PlatformKafkaProperties properties, MeterRegistry meters) {
        return new RecordPublishers(() -> producer, properties, meters);
    }

    @Bean
    @Primary
    FakeLogTable<CacheEpoch> fakeEpochLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    FakeLogTable<CacheNamespace> fakeNamespaceLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    FakeLogTable<Tenant> fakeTenantLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    FakeLogTable<Tier> fakeTierLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    FakeLogTable<Job> fakeJobLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    FakeLogTable<JobProgress> fakeJobProgressLog() {
        return new FakeLogTable<>();
    }

    @Bean
    @Primary
    LogFollower followedLog() {
        return new LogFollower() {
            @Override
            public boolean following() {
                return true;
            }

            @Override
            public Optional<LogPosition> position() {
                return Optional.empty();
            }

            @Override
            public Duration staleness() {
                return Duration.ZERO;
            }
        };
    }
}
