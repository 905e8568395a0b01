package dev.sluice.gateway.route;

import dev.sluice.gateway.route.CachePolicy.Share;
import java.time.Duration;

/** Bounds of what a route may keep. Pure. */
final class CacheRules {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final long MAX_BODY_BYTES = 8L * 1024 * 1024;

    private CacheRules() {}

    static void check(CachePolicy policy, Access access, Faults faults) {
        faults.requireDuration("cache.defaultTtl", policy.defaultTtl(), Duration.ZERO, LONGEST);
        faults.requireDuration("cache.maxTtl", policy.maxTtl(), Duration.ofSeconds(1), LONGEST);
        faults.requireDuration("cache.staleWhileRevalidate", policy.staleWhileRevalidate(), Duration.ZERO, LONGEST);
        faults.requireDuration("cache.staleIfError", policy.staleIfError(), Duration.ZERO, LONGEST);
        faults.requireNumber("cache.maxBodyBytes", policy.maxBodyBytes(), 1, MAX_BODY_BYTES);
        faults.require(
                access != Access.ANONYMOUS || policy.share() == Share.ALL,
                "cache.share",
                "must be all with access anonymous: nobody is known there");
    }
}
