package dev.sluice.gateway.apikey;

import java.util.List;

/** What a key can be allowed to do. */
public final class Scopes {

    public static final String EVENTS_WRITE = "events:write";
    public static final String EVENTS_READ = "events:read";
    public static final String WEBHOOKS_READ = "webhooks:read";
    public static final String WEBHOOKS_WRITE = "webhooks:write";
    /** To look at the secrets of webhooks; who may change webhooks sees only those that are made. */
    public static final String WEBHOOKS_SECRET = "webhooks:secret";

    public static final String CACHE_READ = "cache:read";
    public static final String CACHE_WRITE = "cache:write";
    public static final String METRICS_READ = "metrics:read";
    public static final String SESSIONS_READ = "sessions:read";
    public static final String SESSIONS_WRITE = "sessions:write";
    /** To ask for the limits of any tenant, and to charge them. */
    public static final String LIMITS_CHECK = "limits:check";
    /** Everything, and the administration of tenants and keys. */
    public static final String ADMIN = "admin";

    public static final List<String> ALL = List.of(
            EVENTS_WRITE,
            EVENTS_READ,
            WEBHOOKS_READ,
            WEBHOOKS_WRITE,
            WEBHOOKS_SECRET,
            CACHE_READ,
            CACHE_WRITE,
            METRICS_READ,
            SESSIONS_READ,
            SESSIONS_WRITE,
            LIMITS_CHECK,
            ADMIN);

    private Scopes() {}
}
