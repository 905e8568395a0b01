package dev.sluice.gateway.ingest;

import dev.sluice.gateway.eventtype.EventDataChecks;
import dev.sluice.gateway.job.Jobs;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.web.BoundedBodies;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.WebProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires the ingest of events. */
@Configuration(proxyBeanMethods = false)
class IngestConfiguration {

    /** The start goes on without Redis after this. */
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

    private static final int MAX_WAITING_CHECKS = 1_000;

    @Bean
    ByteBudget ingestBudget(IngestProperties properties, MeterRegistry meters) {
        ByteBudget budget = new ByteBudget(properties.maxBytesInFlight().toBytes());
        Gauge.builder("sluice.ingest.in.flight", budget, ByteBudget::used)
                .baseUnit("bytes")
                .description("Bytes of events between their arrival and their answer")
                .register(meters);
        return budget;
    }

    @Bean
    BoundedBodies eventBodies(ByteBudget ingestBudget, IngestProperties properties, WebProperties web) {
        return new BoundedBodies(
                ingestBudget,
                Math.toIntExact(properties.maxEventSize().toBytes()),
                web.bodyTimeout(),
                "put larger content elsewhere and link to it");
    }

    @Bean
    BoundedBodies batchBodies(ByteBudget ingestBudget, IngestProperties properties, WebProperties web) {
        return new BoundedBodies(
                ingestBudget,
                Math.toIntExact(properties.maxBatchSize().toBytes()),
                web.bodyTimeout(),
                "or several batches");
    }

    @Bean
    EventReader eventReader(StrictJson json, InstantSource clock, IngestProperties properties) {
        return new EventReader(
                json, clock, Math.toIntExact(properties.maxEventSize().toBytes()), properties.maxBatchEvents());
    }

    @Bean
    Claims claims(ReactiveStringRedisTemplate redis, InstantSource clock, IngestProperties properties) {
        return new Claims(
                redis,
                clock,
                new ClaimTerms(properties.claimLease(), properties.idempotencyWindow(), properties.claimDeadline()));
    }

    /** Before the server takes requests. */
    @Bean
    SmartInitializingSingleton claimsConnection(Claims claims) {
        return () -> claims.connect(CONNECT_PATIENCE).block();
    }

    @Bean
    EventSearch eventSearch(KafkaClients kafka, IngestProperties properties) {
        return new EventSearch(
                () -> kafka.newConsumer("event-search", null, new ByteArrayDeserializer()), properties.claimLease());
    }

    /** As many threads as cores, and a queue with an end: what does not fit is told to come later. */
    @Bean(destroyMethod = "dispose")
    Scheduler schemaScheduler() {
        return Schedulers.newBoundedElastic(
                Runtime.getRuntime().availableProcessors(), MAX_WAITING_CHECKS, "event-schema");
    }

    @Bean
    EventChecks eventChecks(EventDataChecks checks, Scheduler schemaScheduler) {
        return new EventChecks(checks, schemaScheduler);
    }

    @Bean
    EventImport eventImport(
            EventReader reader,
            EventChecks checks,
            BatchIntake batches,
            Jobs jobs,
            InstantSource clock,
            IngestProperties properties) {
        return new EventImport(
                new ImportSteps(reader, checks, batches, properties.claimLease(), jobs, clock),
                new ImportJobs(jobs, clock),
                properties.maxImports());
    }

    @Bean
    BatchIntake batchIntake(
            Claims claims,
            EventWriter writer,
            EventIntake intake,
            IngestMeters ingestMeters,
            IngestProperties properties) {
        return new BatchIntake(new BatchSteps(claims, writer, intake, ingestMeters, properties.ackTimeout()));
    }

    @Bean
    EventIntake eventIntake(Claims claims, EventWriter writer, IngestMeters ingestMeters, IngestProperties properties) {
        return new EventIntake(claims, writer, properties.ackTimeout(), ingestMeters);
    }

    @Bean
    EventWriter eventWriter(EventPublisher publisher, EventSearch search) {
        return new EventWriter(publisher, search);
    }

    @Bean
    IngestMeters ingestMeters(MeterRegistry meters) {
        return new IngestMeters(meters);
    }
}
