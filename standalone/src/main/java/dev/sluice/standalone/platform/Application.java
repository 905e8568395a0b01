package dev.sluice.standalone.platform;

import java.util.Locale;

/** The four services; their modules carry the same names. The order is the one in which they are stopped. */
public enum Application {
    API_GATEWAY(0, 160),
    CACHE_SERVICE(1, 128),
    WEBHOOK_DISPATCHER(2, 128),
    METRICS_AGGREGATOR(3, 192);

    private final int index;
    private final int heapMegabytes;

    Application(int index, int heapMegabytes) {
        this.index = index;
        this.heapMegabytes = heapMegabytes;
    }

    public String serviceName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its place among the consecutive ports. */
    int index() {
        return index;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }
}
