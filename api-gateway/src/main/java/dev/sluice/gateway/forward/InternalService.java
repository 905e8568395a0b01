package dev.sluice.gateway.forward;

/** The services behind the gateway. */
enum InternalService {
    CACHE("cache-service", /* auditing= */ false),
    WEBHOOKS("webhook-dispatcher", /* auditing= */ true),
    METRICS("metrics-aggregator", /* auditing= */ false);

    private final String title;
    private final boolean auditing;

    InternalService(String title, boolean auditing) {
        this.title = title;
        this.auditing = auditing;
    }

    /** Whether it writes down who changed what, and so has to know from where they asked. */
    boolean isAuditing() {
        return auditing;
    }

    /** Its name in problems and metrics. */
    String title() {
        return title;
    }
}
