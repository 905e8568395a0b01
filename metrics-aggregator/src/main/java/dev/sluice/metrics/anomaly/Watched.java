package dev.sluice.metrics.anomaly;

/**
 * A figure of something that a tenant has.
 *
 * @param subject {@code namespace} or {@code route}
 * @param name what that is called
 */
public record Watched(String tenant, String subject, String name, Measure measure) {}
