package dev.sluice.gateway.route;

import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.record.RouteCache;
import dev.sluice.record.RouteCacheShare;
import dev.sluice.record.RouteSetCookie;
import java.time.Duration;

/** What a route keeps, as a record of the log, and back. Pure. */
final class CacheRecords {

    private CacheRecords() {}

    static RouteCache write(CachePolicy policy) {
        return RouteCache.newBuilder()
                .setShare(
                        switch (policy.share()) {
                            case ALL -> RouteCacheShare.ALL;
                            case TENANT -> RouteCacheShare.TENANT;
                            case KEY -> RouteCacheShare.KEY;
                        })
                .setSetCookie(
                        switch (policy.setCookie()) {
                            case PASS -> RouteSetCookie.PASS;
                            case STRIP -> RouteSetCookie.STRIP;
                            case KEEP -> RouteSetCookie.KEEP;
                        })
                .setDefaultTtlMillis(policy.defaultTtl().toMillis())
                .setMaxTtlMillis(policy.maxTtl().toMillis())
                .setStaleWhileRevalidateMillis(policy.staleWhileRevalidate().toMillis())
                .setStaleIfErrorMillis(policy.staleIfError().toMillis())
                .setMaxBodyBytes(policy.maxBodyBytes())
                .build();
    }

    /** Refuses, with a sentence, what this version does not know. */
    static CachePolicy read(RouteCache cache) {
        return new CachePolicy(
                switch (cache.getShare()) {
                    case ALL -> Share.ALL;
                    case TENANT -> Share.TENANT;
                    case KEY -> Share.KEY;
                    case UNKNOWN -> throw new IllegalArgumentException("cache.share is not known to this version");
                },
                switch (cache.getSetCookie()) {
                    case PASS -> SetCookie.PASS;
                    case STRIP -> SetCookie.STRIP;
                    case KEEP -> SetCookie.KEEP;
                    case UNKNOWN -> throw new IllegalArgumentException("cache.setCookie is not known to this version");
                },
                Duration.ofMillis(cache.getDefaultTtlMillis()),
                Duration.ofMillis(cache.getMaxTtlMillis()),
                Duration.ofMillis(cache.getStaleWhileRevalidateMillis()),
                Duration.ofMillis(cache.getStaleIfErrorMillis()),
                cache.getMaxBodyBytes());
    }
}
