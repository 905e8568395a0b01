package dev.sluice.gateway.route;

/** Who may use a route. */
public enum Access {
    /** Whoever has an API key with the route's scopes. */
    KEY,
    /** Whoever has an API key, and the users that tenants have logged in. */
    SESSION,
    /** Anybody. What looks like a credential is the upstream's own affair. */
    ANONYMOUS
}
