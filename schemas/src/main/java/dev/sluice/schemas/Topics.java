package dev.sluice.schemas;

import dev.sluice.record.Alert;
import dev.sluice.record.ApiKey;
import dev.sluice.record.AuditEntry;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheEpoch;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.record.CacheNamespace;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.EventType;
import dev.sluice.record.GatewayHeartbeat;
import dev.sluice.record.HealthReport;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.MetricsReset;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Rollup;
import dev.sluice.record.RouteConfig;
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
 * its constant.
 */
public final class Topics {
    /** Every topic name starts with it. */
    public static final String PREFIX = "sluice.";

    private static final String GATEWAY = "api-gateway";
    private static final String CACHE = "cache-service";
    private static final String WEBHOOKS = "webhook-dispatcher";
    private static final String METRICS = "metrics-aggregator";

    /** Domain events as published; the source for webhooks, streams and replay. */
    public static final TopicDescriptor<DomainEvent> EVENTS = stream("events", DomainEvent.class, 6, Duration.ofDays(7))
            .key("tenant|subject; tenant|event id when the event has no subject")
            .producers(GATEWAY, WEBHOOKS, METRICS)
            .consumers(GATEWAY, WEBHOOKS, METRICS)
            .purpose("Domain events as published; the source for webhooks, streams and replay.");

    /** Every request that passed the gateway, in lossless micro-batches. */
    public static final TopicDescriptor<RequestBatch> REQUESTS = stream(
                    "requests", RequestBatch.class, 6, Duration.ofHours(24))
            .key("tenant|route")
            .producers(GATEWAY)
            .consumers(METRICS)
            .purpose("Every request that passed the gateway, in lossless micro-batches.");

    /** Every cache read, in lossless micro-batches. */
    public static final TopicDescriptor<CacheReadBatch> CACHE_READS = stream(
                    "cache.reads", CacheReadBatch.class, 6, Duration.ofHours(24))
            .key("tenant|namespace|pattern")
            .producers(CACHE, GATEWAY)
            .consumers(METRICS, CACHE)
            .purpose("Every cache read, in lossless micro-batches.");

    /** Every change of a cache entry, one record each. */
    public static final TopicDescriptor<CacheChange> CACHE_CHANGES = stream(
                    "cache.changes", CacheChange.class, 6, Duration.ofHours(24))
            .key("tenant|namespace|key")
            .producers(CACHE, GATEWAY)
            .consumers(METRICS, CACHE)
            .purpose("Every change of a cache entry, one record each.");

    /** Newest versions; every node reads all partitions, without a group. */
    public static final TopicDescriptor<CacheInvalidation> CACHE_INVALIDATIONS = stream(
                    "cache.invalidations", CacheInvalidation.class, 3, Duration.ofHours(1))
            .key("tenant|namespace|key")
            .producers(CACHE, GATEWAY)
            .consumers(CACHE, GATEWAY)
            .purpose("Newest versions; every node reads all partitions, without a group.");

    /** Purges of tags, namespaces, keys, prefixes and patterns. */
    public static final TopicDescriptor<CacheEpoch> CACHE_EPOCHS = table("cache.epochs", CacheEpoch.class)
            .key("tenant|scope|namespace|soft or hard|name")
            .producers(CACHE)
            .consumers(CACHE, GATEWAY)
            .purpose("Purges of tags, namespaces, keys, prefixes and patterns.");

    /** What tenants have laid down for namespaces of their cache. */
    public static final TopicDescriptor<CacheNamespace> CACHE_NAMESPACES = table(
                    "cache.namespaces", CacheNamespace.class)
            .key("tenant|namespace")
            .producers(CACHE)
            .consumers(CACHE)
            .purpose("What tenants have laid down for namespaces of their cache.");

    /** Removals of upstreams' answers that gateways have kept; every gateway reads all of them, without a group. */
    public static final TopicDescriptor<CacheInvalidation> RESPONSE_REMOVALS = stream(
                    "response.removals", CacheInvalidation.class, 1, Duration.ofHours(1))
            .key("tenant or @all|@responses|hash of what was asked for")
            .producers(GATEWAY)
            .consumers(GATEWAY)
            .purpose("Removals of upstreams' answers that gateways have kept; every gateway reads all of them, without"
                    + " a group.");

    /** API keys, hashes only. */
    public static final TopicDescriptor<ApiKey> API_KEYS = table("api-keys", ApiKey.class)
            .key("key id")
            .producers(GATEWAY)
            .consumers(GATEWAY)
            .purpose("API keys, hashes only.");

    /** Tenants and their tiers. */
    public static final TopicDescriptor<Tenant> TENANTS = table("tenants", Tenant.class)
            .key("tenant id")
            .producers(GATEWAY)
            .consumers(GATEWAY, CACHE, WEBHOOKS)
            .purpose("Tenants and their tiers.");

    /** Tiers and their limits. */
    public static final TopicDescriptor<Tier> TIERS = table("tiers", Tier.class)
            .key("tier name")
            .producers(GATEWAY)
            .consumers(GATEWAY, CACHE)
            .purpose("Tiers, their limits, and their quotas of the cache.");

    /** Routes to customers' upstreams. */
    public static final TopicDescriptor<RouteConfig> ROUTES = table("routes", RouteConfig.class)
            .key("route id")
            .producers(GATEWAY)
            .consumers(GATEWAY)
            .purpose("Routes to customers' upstreams.");

    /** Which gateways are alive, and how far each has applied the tables. */
    public static final TopicDescriptor<GatewayHeartbeat> GATEWAY_HEARTBEATS = stream(
                    "gateway.heartbeats", GatewayHeartbeat.class, 1, Duration.ofHours(1))
            .key("instance id")
            .producers(GATEWAY)
            .consumers(GATEWAY)
            .purpose("Which gateways are alive, and how far each has applied the tables.");

    /** The event-type catalogue. */
    public static final TopicDescriptor<EventType> EVENT_TYPES = table("event-types", EventType.class)
            .key("tenant|name|version")
            .producers(GATEWAY)
            .consumers(GATEWAY, WEBHOOKS)
            .purpose("The event-type catalogue.");

    /** Webhook endpoints with sealed secrets. */
    public static final TopicDescriptor<WebhookEndpoint> WEBHOOK_ENDPOINTS = table(
                    "webhook.endpoints", WebhookEndpoint.class)
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS)
            .purpose("Webhook endpoints with sealed secrets.");

    /** Health of webhook endpoints. */
    public static final TopicDescriptor<WebhookEndpointState> WEBHOOK_ENDPOINT_STATE = table(
                    "webhook.endpoint-state", WebhookEndpointState.class)
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS, METRICS)
            .purpose("Health of webhook endpoints.");

    /** How webhook endpoints have done for days; of those that fail, or were disabled for it. */
    public static final TopicDescriptor<WebhookEndpointState> WEBHOOK_ENDPOINT_HEALTH = table(
                    "webhook.endpoint-health", WebhookEndpointState.class)
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS)
            .purpose("How webhook endpoints have done for days; of those that fail, or were disabled for it.");

    /** One record for each event and endpoint that matches. */
    public static final TopicDescriptor<WebhookDelivery> WEBHOOK_DELIVERIES = stream(
                    "webhook.deliveries", WebhookDelivery.class, 6, Duration.ofDays(7))
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS)
            .purpose("One record for each event and endpoint that matches.");

    /** Every attempt to deliver and how it ended. */
    public static final TopicDescriptor<DeliveryAttempt> WEBHOOK_ATTEMPTS = stream(
                    "webhook.attempts", DeliveryAttempt.class, 6, Duration.ofDays(30))
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS, METRICS)
            .purpose("Every attempt to deliver and how it ended.");

    /** Deliveries that were given up. */
    public static final TopicDescriptor<DeadDelivery> WEBHOOK_DEAD = stream(
                    "webhook.dead", DeadDelivery.class, 3, Duration.ofDays(30))
            .key("endpoint id")
            .producers(WEBHOOKS)
            .consumers(WEBHOOKS)
            .purpose("Deliveries that were given up.");

    /** Sketches and counts per window. */
    public static final TopicDescriptor<Rollup> ROLLUPS = state("rollups", Rollup.class, 3, Duration.ofDays(30))
            .key("tenant|dimension|name|window start|window seconds")
            .producers(METRICS)
            .consumers(METRICS)
            .purpose("Sketches and counts per window.");

    /** What each key used each day, and what the present windows of limits were charged, in parts that add up. */
    public static final TopicDescriptor<Usage> USAGE = state("usage", Usage.class, 3, Duration.ofDays(400))
            .key("tenant|key id|group|day|part; tenant|limit|window|start|part for what a limit was charged")
            .producers(METRICS)
            .consumers(GATEWAY, METRICS)
            .purpose("What each key used each day, and what the present windows of limits were charged, in parts that"
                    + " add up.");

    /** State of alert rules. */
    public static final TopicDescriptor<Alert> ALERTS = state("alerts", Alert.class, 1, Duration.ofDays(30))
            .key("alert id")
            .producers(METRICS)
            .consumers(METRICS)
            .purpose("State of alert rules.");

    /** From when on the figures of each tenant's cache are counted. */
    public static final TopicDescriptor<MetricsReset> METRICS_RESETS = table("metrics.resets", MetricsReset.class)
            .key("tenant id")
            .producers(METRICS)
            .consumers(METRICS)
            .purpose("From when on the figures of each tenant's cache are counted.");

    /** Recent spans for the monitoring API. */
    public static final TopicDescriptor<Span> SPANS = stream("spans", Span.class, 3, Duration.ofHours(24))
            .key("trace id")
            .producers(GATEWAY, CACHE, WEBHOOKS, METRICS)
            .consumers(METRICS)
            .purpose("Recent spans for the monitoring API.");

    /** Errors met by the services. */
    public static final TopicDescriptor<ErrorReport> ERRORS = stream("errors", ErrorReport.class, 3, Duration.ofDays(7))
            .key("fingerprint")
            .producers(GATEWAY, CACHE, WEBHOOKS, METRICS)
            .consumers(METRICS)
            .purpose("Errors met by the services.");

    /** What the health checks of each living instance found last. */
    public static final TopicDescriptor<HealthReport> HEALTH = state(
                    "health", HealthReport.class, 1, Duration.ofHours(1))
            .key("service|instance id")
            .producers(GATEWAY, CACHE, WEBHOOKS, METRICS)
            .consumers(METRICS)
            .purpose("What the health checks of each living instance found last.");

    /** Batch work that was asked for. */
    public static final TopicDescriptor<Job> JOBS = state("jobs", Job.class, 3, Duration.ofDays(30))
            .key("job id")
            .producers(GATEWAY, CACHE, WEBHOOKS)
            .consumers(GATEWAY, CACHE, WEBHOOKS)
            .purpose("Batch work that was asked for.");

    /** How far jobs have come. */
    public static final TopicDescriptor<JobProgress> JOB_PROGRESS = state(
                    "job-progress", JobProgress.class, 3, Duration.ofDays(30))
            .key("job id")
            .producers(GATEWAY, CACHE, WEBHOOKS)
            .consumers(GATEWAY, CACHE, WEBHOOKS)
            .purpose("How far jobs have come.");

    /** Who changed what. */
    public static final TopicDescriptor<AuditEntry> AUDIT = stream("audit", AuditEntry.class, 1, Duration.ofDays(365))
            .key("actor")
            .producers(GATEWAY, CACHE, WEBHOOKS, METRICS)
            .consumers(GATEWAY)
            .purpose("Who changed what.");

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
        Duration retention = Duration.ofDays(7).plus(delay);
        return stream("webhook.retry." + suffix, WebhookDelivery.class, 3, retention)
                .key("endpoint id")
                .producers(WEBHOOKS)
                .consumers(WEBHOOKS)
                .purpose("Deliveries that wait " + suffix + " for their next attempt.");
    }

    /** Records are kept for a while and then deleted. */
    private static <V extends SpecificRecord> TopicDraft<V> stream(
            String name, Class<V> type, int partitions, Duration retention) {
        return new TopicDraft<>(PREFIX + name, type, partitions, Cleanup.DELETE, retention);
    }

    /** The newest record of each key is kept for ever; one partition, so that offsets order all changes. */
    private static <V extends SpecificRecord> TopicDraft<V> table(String name, Class<V> type) {
        return new TopicDraft<>(PREFIX + name, type, 1, Cleanup.COMPACT, Duration.ZERO);
    }

    /** The newest record of each key is kept for a while. */
    private static <V extends SpecificRecord> TopicDraft<V> state(
            String name, Class<V> type, int partitions, Duration retention) {
        return new TopicDraft<>(PREFIX + name, type, partitions, Cleanup.COMPACT_DELETE, retention);
    }

    private static List<TopicDescriptor<?>> collect() {
        List<TopicDescriptor<?>> topics = new ArrayList<>(List.of(
                EVENTS,
                REQUESTS,
                CACHE_READS,
                CACHE_CHANGES,
                CACHE_INVALIDATIONS,
                CACHE_EPOCHS,
                CACHE_NAMESPACES,
                RESPONSE_REMOVALS,
                API_KEYS,
                TENANTS,
                TIERS,
                ROUTES,
                GATEWAY_HEARTBEATS,
                EVENT_TYPES,
                WEBHOOK_ENDPOINTS,
                WEBHOOK_ENDPOINT_STATE,
                WEBHOOK_ENDPOINT_HEALTH,
                WEBHOOK_DELIVERIES));
        topics.addAll(WEBHOOK_RETRIES);
        topics.addAll(List.of(
                WEBHOOK_ATTEMPTS,
                WEBHOOK_DEAD,
                ROLLUPS,
                USAGE,
                ALERTS,
                METRICS_RESETS,
                SPANS,
                ERRORS,
                HEALTH,
                JOBS,
                JOB_PROGRESS,
                AUDIT));
        return List.copyOf(topics);
    }
}
