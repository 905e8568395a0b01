package dev.sluice.gateway.forward;

/** The services behind the gateway. */
enum InternalService {
    CACHE("cache-service"),
    WEBHOOKS("webhook-dispatcher"),
    METRICS("metrics-aggregator");

    private final String title;

    InternalService(String title) {
        this.title = title;
    }

    /** Its name in problems and metrics. */
    String title() {
        return title;
    }
}
