package dev.sluice.gateway.responsecache;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the answers are kept that routes with a cache policy have kept.
 *
 * @param maxMemory all answers in the memory of one gateway together
 * @param maxCopied all bodies together that are being copied to be kept; beyond it answers pass without being kept
 * @param shared whether the gateways share their answers in Redis too
 * @param maxLocalAge after how long in memory an answer is looked up in Redis again; in case nobody told that it was removed
 * @param maxLag how old the newest removal of another gateway may be that was not heard; beyond it Redis is asked for every answer
 * @param readTimeout how long a request waits for Redis before it goes on without
 * @param writeTimeout how long an answer may take on its way to Redis; nobody waits for it
 * @param removalPatience for how long removals from Redis are tried again while it is away
 * @param collapseTimeout how long a request waits for the answer to another one for the same
 */
@ConfigurationProperties("sluice.gateway.response-cache")
record ResponseCacheProperties(
        @DefaultValue("64MB") DataSize maxMemory,
        @DefaultValue("32MB") DataSize maxCopied,
        @DefaultValue("true") boolean shared,
        @DefaultValue("10s") Duration maxLocalAge,
        @DefaultValue("2s") Duration maxLag,
        @DefaultValue("100ms") Duration readTimeout,
        @DefaultValue("5s") Duration writeTimeout,
        @DefaultValue("10m") Duration removalPatience,
        @DefaultValue("5s") Duration collapseTimeout) {

    private static final String PREFIX = "sluice.gateway.response-cache.";

    ResponseCacheProperties {
        requirePositive("max-memory", maxMemory.toBytes());
        requirePositive("max-copied", maxCopied.toBytes());
        requirePositive("max-local-age", maxLocalAge.toMillis());
        requirePositive("max-lag", maxLag.toMillis());
        requirePositive("read-timeout", readTimeout.toMillis());
        requirePositive("write-timeout", writeTimeout.toMillis());
        requirePositive("removal-patience", removalPatience.toMillis());
        requirePositive("collapse-timeout", collapseTimeout.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive: " + value);
        }
    }
}
