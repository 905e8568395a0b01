package dev.sluice.gateway.forward;

import io.netty.handler.codec.http.HttpMethod;

/** The services behind the gateway. Each writes down who changed what. */
enum InternalService {
    CACHE("cache-service", /* secretive= */ false),
    WEBHOOKS("webhook-dispatcher", /* secretive= */ true),
    METRICS("metrics-aggregator", /* secretive= */ false);

    private final String title;
    private final boolean secretive;

    InternalService(String title, boolean secretive) {
        this.title = title;
        this.secretive = secretive;
    }

    /** Whether it may write such a request down, and so has to know from where it came: changes, and looks at secrets. */
    boolean isAuditing(HttpMethod method) {
        return secretive || !(method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD));
    }

    /** Its name in problems and metrics. */
    String title() {
        return title;
    }
}
