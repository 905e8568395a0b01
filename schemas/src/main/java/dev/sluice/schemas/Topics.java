package dev.sluice.schemas;

import dev.sluice.record.Alert;
import dev.sluice.record.ApiKey;
import dev.sluice.record.AuditEntry;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheEpoch;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.EventType;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Rollup;
import dev.sluice.record.Span;
import dev.sluice.record.Tenant;
import dev.sluice.record.Tier;
import dev.sluice.record.Usage;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every topic of the platform. Nothing else spells a topic name; who produces or consumes one is found by the usages of
 * its constant. The names are constants so that listener annotations can use them.
 */
public final class Topics {
    /** Every topic name starts with it. */
    public static final String PREFIX = "sluice.";

    public static final String EVENTS_NAME = PREFIX + "events";
    public static final String REQUESTS_NAME = PREFIX + "requests";
    public static final String CACHE_READS_NAME = PREFIX + "cache.reads";
    public static final String CACHE_CHANGES_NAME = PREFIX + "cache.changes";
    public static final String CACHE_INVALIDATIONS_NAME = PREFIX + "cache.invalidations";
    public static final String CACHE_EPOCHS_NAME = PREFIX + "cache.epochs";
    public static final String API_KEYS_NAME = PREFIX + "api-keys";
    public static final String TENANTS_NAME = PREFIX + "tenants";
    public static final String TIERS_NAME = PREFIX + "tiers";
    public static final String EVENT_TYPES_NAME = PREFIX + "event-types";
    public static final String WEBHOOK_ENDPOINTS_NAME = PREFIX + "webhook.endpoints";
    public static final String WEBHOOK_ENDPOINT_STATE_NAME = PREFIX + "webhook.endpoint-state";
    public static final String WEBHOOK_DELIVERIES_NAME = PREFIX + "webhook.deliveries";
    public static final String WEBHOOK_ATTEMPTS_NAME = PREFIX + "webhook.attempts";
    public static final String WEBHOOK_DEAD_NAME = PREFIX + "webhook.dead";
    public static final String ROLLUPS_NAME = PREFIX + "rollups";
    public static final String USAGE_NAME = PREFIX + "usage";
    public static final String ALERTS_NAME = PREFIX + "alerts";
    public static final String SPANS_NAME = PREFIX + "spans";
    public static final String ERRORS_NAME = PREFIX + "errors";
    public static final String JOBS_NAME = PREFIX + "jobs";
    public static final String JOB_PROGRESS_NAME = PREFIX + "job-progress";
    public static final String AUDIT_NAME = PREFIX + "audit";

    private static final String GATEWAY = "api-gateway";
    private static final String CACHE = "cache-service";
    private static final String WEBHOOKS = "webhook-dispatcher";
    private static final String METRICS = "metrics-aggregator";

    /** Domain events as published; the source for webhooks, streams and replay. */
    public static final TopicDescriptor<DomainEvent> EVENTS = new TopicDescriptor<>(
            EVENTS_NAME,
            DomainEvent.class,
            "tenant|subject; tenant|event id when the event has no subject",
            6,
            Cleanup.DELETE,
            Duration.ofDays(7),
            List.of(GATEWAY),
            List.of(GATEWAY, WEBHOOKS),
            "Domain events as published; the source for webhooks, streams and replay.");

    /** Every request that passed the gateway, in lossless micro-batches. */
    public static final TopicDescriptor<RequestBatch> REQUESTS = new TopicDescriptor<>(
            REQUESTS_NAME,
            RequestBatch.class,
            "tenant|route",
            6,
            Cleanup.DELETE,
            Duration.ofHours(24),
            List.of(GATEWAY),
            List.of(METRICS),
            "Every request that passed the gateway, in lossless micro-batches.");

    /** Every cache read, in lossless micro-batches. */
    public static final TopicDescriptor<CacheReadBatch> CACHE_READS = new TopicDescriptor<>(
            CACHE_READS_NAME,
            CacheReadBatch.class,
            "tenant|namespace|pattern",
            6,
            Cleanup.DELETE,
            Duration.ofHours(24),
            List.of(CACHE, GATEWAY),
            List.of(METRICS),
            "Every cache read, in lossless micro-batches.");

    /** Every change of a cache entry, one record each. */
    public static final TopicDescriptor<CacheChange> CACHE_CHANGES = new TopicDescriptor<>(
            CACHE_CHANGES_NAME,
            CacheChange.class,
            "tenant|namespace|key",
            6,
            Cleanup.DELETE,
            Duration.ofHours(24),
            List.of(CACHE, GATEWAY),
            List.of(METRICS),
            "Every change of a cache entry, one record each.");

    /** Newest versions; every node reads all partitions, without a group. */
    public static final TopicDescriptor<CacheInvalidation> CACHE_INVALIDATIONS = new TopicDescriptor<>(
            CACHE_INVALIDATIONS_NAME,
            CacheInvalidation.class,
            "tenant|namespace|key",
            3,
            Cleanup.DELETE,
            Duration.ofHours(1),
            List.of(CACHE, GATEWAY),
            List.of(CACHE, GATEWAY),
            "Newest versions; every node reads all partitions, without a group.");

    /** Purges of tags, namespaces and prefixes. */
    public static final TopicDescriptor<CacheEpoch> CACHE_EPOCHS = new TopicDescriptor<>(
            CACHE_EPOCHS_NAME,
            CacheEpoch.class,
            "tenant|scope|namespace|name",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(CACHE),
            List.of(CACHE, GATEWAY),
            "Purges of tags, namespaces and prefixes.");

    /** API keys, hashes only. */
    public static final TopicDescriptor<ApiKey> API_KEYS = new TopicDescriptor<>(
            API_KEYS_NAME,
            ApiKey.class,
            "key id",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(GATEWAY),
            List.of(GATEWAY),
            "API keys, hashes only.");

    /** Tenants and their tiers. */
    public static final TopicDescriptor<Tenant> TENANTS = new TopicDescriptor<>(
            TENANTS_NAME,
            Tenant.class,
            "tenant id",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(GATEWAY),
            List.of(GATEWAY, CACHE, WEBHOOKS),
            "Tenants and their tiers.");

    /** Tiers and their limits. */
    public static final TopicDescriptor<Tier> TIERS = new TopicDescriptor<>(
            TIERS_NAME,
            Tier.class,
            "tier name",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(GATEWAY),
            List.of(GATEWAY),
            "Tiers and their limits.");

    /** The event-type catalogue. */
    public static final TopicDescriptor<EventType> EVENT_TYPES = new TopicDescriptor<>(
            EVENT_TYPES_NAME,
            EventType.class,
            "tenant|name|version",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(GATEWAY),
            List.of(GATEWAY, WEBHOOKS),
            "The event-type catalogue.");

    /** Webhook endpoints with sealed secrets. */
    public static final TopicDescriptor<WebhookEndpoint> WEBHOOK_ENDPOINTS = new TopicDescriptor<>(
            WEBHOOK_ENDPOINTS_NAME,
            WebhookEndpoint.class,
            "endpoint id",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(WEBHOOKS),
            List.of(WEBHOOKS),
            "Webhook endpoints with sealed secrets.");

    /** Health of webhook endpoints. */
    public static final TopicDescriptor<WebhookEndpointState> WEBHOOK_ENDPOINT_STATE = new TopicDescriptor<>(
            WEBHOOK_ENDPOINT_STATE_NAME,
            WebhookEndpointState.class,
            "endpoint id",
            1,
            Cleanup.COMPACT,
            Duration.ZERO,
            List.of(WEBHOOKS),
            List.of(WEBHOOKS),
            "Health of webhook endpoints.");

    /** One record for each event and endpoint that matches. */
    public static final TopicDescriptor<WebhookDelivery> WEBHOOK_DELIVERIES = new TopicDescriptor<>(
            WEBHOOK_DELIVERIES_NAME,
            WebhookDelivery.class,
            "endpoint id",
            6,
            Cleanup.DELETE,
            Duration.ofDays(7),
            List.of(WEBHOOKS),
            List.of(WEBHOOKS),
            "One record for each event and endpoint that matches.");

    /** Every attempt to deliver and how it ended. */
    public static final TopicDescriptor<DeliveryAttempt> WEBHOOK_ATTEMPTS = new TopicDescriptor<>(
            WEBHOOK_ATTEMPTS_NAME,
            DeliveryAttempt.class,
            "endpoint id",
            6,
            Cleanup.DELETE,
            Duration.ofDays(30),
            List.of(WEBHOOKS),
            List.of(WEBHOOKS, METRICS),
            "Every attempt to deliver and how it ended.");

    /** Deliveries that were given up. */
    public static final TopicDescriptor<DeadDelivery> WEBHOOK_DEAD = new TopicDescriptor<>(
            WEBHOOK_DEAD_NAME,
            DeadDelivery.class,
            "endpoint id",
            3,
            Cleanup.DELETE,
            Duration.ofDays(30),
            List.of(WEBHOOKS),
            List.of(WEBHOOKS),
            "Deliveries that were given up.");

    /** Sketches and counts per window. */
    public static final TopicDescriptor<Rollup> ROLLUPS = new TopicDescriptor<>(
            ROLLUPS_NAME,
            Rollup.class,
            "tenant|dimension|name|window start|window seconds",
            3,
            Cleanup.COMPACT_DELETE,
            Duration.ofDays(30),
            List.of(METRICS),
            List.of(METRICS),
            "Sketches and counts per window.");

    /** What each key used each day. */
    public static final TopicDescriptor<Usage> USAGE = new TopicDescriptor<>(
            USAGE_NAME,
            Usage.class,
            "tenant|key id|group|day",
            3,
            Cleanup.COMPACT_DELETE,
            Duration.ofDays(400),
            List.of(METRICS),
            List.of(GATEWAY, METRICS),
            "What each key used each day.");

    /** State of alert rules. */
    public static final TopicDescriptor<Alert> ALERTS = new TopicDescriptor<>(
            ALERTS_NAME,
            Alert.class,
            "alert id",
            1,
            Cleanup.COMPACT_DELETE,
            Duration.ofDays(30),
            List.of(METRICS),
            List.of(METRICS),
            "State of alert rules.");

    /** Recent spans for the monitoring API. */
    public static final TopicDescriptor<Span> SPANS = new TopicDescriptor<>(
            SPANS_NAME,
            Span.class,
            "trace id",
            3,
            Cleanup.DELETE,
            Duration.ofHours(24),
            List.of(GATEWAY, CACHE, WEBHOOKS, METRICS),
            List.of(METRICS),
            "Recent spans for the monitoring API.");

    /** Errors met by the services. */
    public static final TopicDescriptor<ErrorReport> ERRORS = new TopicDescriptor<>(
            ERRORS_NAME,
            ErrorReport.class,
            "fingerprint",
            3,
            Cleanup.DELETE,
            Duration.ofDays(7),
            List.of(GATEWAY, CACHE, WEBHOOKS, METRICS),
            List.of(METRICS),
            "Errors met by the services.");

    /** Batch work that was asked for. */
    public static final TopicDescriptor<Job> JOBS = new TopicDescriptor<>(
            JOBS_NAME,
            Job.class,
            "job id",
            3,
            Cleanup.COMPACT_DELETE,
            Duration.ofDays(30),
            List.of(GATEWAY, CACHE, WEBHOOKS),
            List.of(GATEWAY, CACHE, WEBHOOKS),
            "Batch work that was asked for.");

    /** How far jobs have come. */
    public static final TopicDescriptor<JobProgress> JOB_PROGRESS = new TopicDescriptor<>(
            JOB_PROGRESS_NAME,
            JobProgress.class,
            "job id",
            3,
            Cleanup.COMPACT_DELETE,
            Duration.ofDays(30),
            List.of(GATEWAY, CACHE, WEBHOOKS),
            List.of(GATEWAY),
            "How far jobs have come.");

    /** Who changed what. */
    public static final TopicDescriptor<AuditEntry> AUDIT = new TopicDescriptor<>(
            AUDIT_NAME,
            AuditEntry.class,
            "actor",
            1,
            Cleanup.DELETE,
            Duration.ofDays(365),
            List.of(GATEWAY, CACHE, WEBHOOKS),
            List.of(GATEWAY),
            "Who changed what.");

    /** The delays that have a retry topic, shortest first. Longer waits are chained through the longest. */
    public static final List<Duration> WEBHOOK_RETRY_DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10));

    /** One retry topic for each of {@link #WEBHOOK_RETRY_DELAYS}, in the same order. */
    public static final List<TopicDescriptor<WebhookDelivery>> WEBHOOK_RETRIES =
            WEBHOOK_RETRY_DELAYS.stream().map(Topics::webhookRetry).toList();

    private static final List<TopicDescriptor<?>> ALL = collect();

    private Topics() {}

    /** Every topic, poison topics left out, in the order of the documentation. */
    public static List<TopicDescriptor<?>> all() {
        return ALL;
    }

    /** The topic of that name, if there is one. */
    public static Optional<TopicDescriptor<? extends SpecificRecord>> find(String name) {
        for (TopicDescriptor<?> topic : ALL) {
            if (topic.name().equals(name)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    private static TopicDescriptor<WebhookDelivery> webhookRetry(Duration delay) {
        String suffix = delay.toString().substring(2).toLowerCase(Locale.ROOT);
        return new TopicDescriptor<>(
                PREFIX + "webhook.retry." + suffix,
                WebhookDelivery.class,
                "endpoint id",
                3,
                Cleanup.DELETE,
                Duration.ofDays(7).plus(delay),
                List.of(WEBHOOKS),
                List.of(WEBHOOKS),
                "Deliveries that wait " + suffix + " for their next attempt.");
    }

    private static List<TopicDescriptor<?>> collect() {
        List<TopicDescriptor<?>> topics = new ArrayList<>(List.of(
                EVENTS,
                REQUESTS,
                CACHE_READS,
                CACHE_CHANGES,
                CACHE_INVALIDATIONS,
                CACHE_EPOCHS,
                API_KEYS,
                TENANTS,
                TIERS,
                EVENT_TYPES,
                WEBHOOK_ENDPOINTS,
                WEBHOOK_ENDPOINT_STATE,
                WEBHOOK_DELIVERIES));
        topics.addAll(WEBHOOK_RETRIES);
        topics.addAll(List.of(
                WEBHOOK_ATTEMPTS, WEBHOOK_DEAD, ROLLUPS, USAGE, ALERTS, SPANS, ERRORS, JOBS, JOB_PROGRESS, AUDIT));
        return List.copyOf(topics);
    }
}
