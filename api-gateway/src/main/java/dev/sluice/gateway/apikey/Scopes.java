package dev.sluice.gateway.apikey;

import java.util.List;

/** What a key can be allowed to do. */
public final class Scopes {

    public static final String EVENTS_WRITE = "events:write";
    public static final String WEBHOOKS_READ = "webhooks:read";
    public static final String WEBHOOKS_WRITE = "webhooks:write";
    public static final String CACHE_READ = "cache:read";
    public static final String CACHE_WRITE = "cache:write";
    public static final String METRICS_READ = "metrics:read";
    /** Everything, and the administration of tenants and keys. */
    public static final String ADMIN = "admin";

    public static final List<String> ALL =
            List.of(EVENTS_WRITE, WEBHOOKS_READ, WEBHOOKS_WRITE, CACHE_READ, CACHE_WRITE, METRICS_READ, ADMIN);

    private Scopes() {}
}
