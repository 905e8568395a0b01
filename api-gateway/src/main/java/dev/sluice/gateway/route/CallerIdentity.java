package dev.sluice.gateway.route;

/** What an upstream is told of who is asking. */
public enum CallerIdentity {
    NONE,

    /** Tenant, tier, and of a key its id and scopes, in headers. */
    HEADERS
}
