package dev.sluice.gateway.route;

import java.time.Duration;

/**
 * How a route's answers are kept and used again (RFC 9111).
 *
 * @param share who may get an answer that somebody else asked for
 * @param setCookie what becomes of answers with Set-Cookie
 * @param defaultTtl for how long an answer is fresh that says nothing of it and may be kept without; zero for what RFC
 *     9111, section 4.2.2, allows
 * @param maxTtl for how long an answer is fresh at most, whatever it says
 * @param staleWhileRevalidate for how long a stale answer is served while it is asked for anew, when it does not say so
 *     itself (RFC 5861)
 * @param staleIfError for how long a stale answer is served in place of an upstream's failure, when it does not say so
 *     itself (RFC 5861)
 * @param maxBodyBytes longer answers pass without being kept
 */
public record CachePolicy(
        Share share,
        SetCookie setCookie,
        Duration defaultTtl,
        Duration maxTtl,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        long maxBodyBytes) {

    /** Who may get an answer that somebody else asked for. */
    public enum Share {
        /** Every caller of the route. */
        ALL,
        /** The keys and users of one tenant. */
        TENANT,
        /** One API key, or one user of a tenant. What an upstream calls private is kept too. */
        KEY
    }

    /** What becomes of answers with Set-Cookie, which are most often meant for one person. */
    public enum SetCookie {
        /** They are not kept. */
        PASS,
        /** They are kept without it. */
        STRIP,
        /** They are kept with it: every caller gets the same cookies. */
        KEEP
    }

    public static final CachePolicy USUAL = new CachePolicy(
            Share.ALL, SetCookie.PASS, Duration.ZERO, Duration.ofHours(24), Duration.ZERO, Duration.ZERO, 1024 * 1024);

    CachePolicy withShare(Share other) {
        return new CachePolicy(other, setCookie, defaultTtl, maxTtl, staleWhileRevalidate, staleIfError, maxBodyBytes);
    }
}
