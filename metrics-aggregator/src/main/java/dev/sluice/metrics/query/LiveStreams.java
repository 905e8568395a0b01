package dev.sluice.metrics.query;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.SmartLifecycle;

/**
 * How many streams are open, and whose: no tenant and not the instance has more than it may. Ends them before the server waits for the
 * requests under way. Thread-safe.
 */
final class LiveStreams implements SmartLifecycle {

    private static final ProblemType TOO_MANY = ProblemType.ours("too_many_streams", 429, "Too many streams are open");

    /** By then somebody may have closed one. */
    private static final String RETRY_SECONDS = "5";

    private final int mostOfTenant;
    private final int mostOfAll;
    private final Map<String, Integer> byTenant = new HashMap<>();
    private int all;
    private volatile boolean running;

    LiveStreams(int mostOfTenant, int mostOfAll) {
        this.mostOfTenant = mostOfTenant;
        this.mostOfAll = mostOfAll;
    }

    /** Takes a place, which has to be left, or refuses with a problem that says which bound was reached. */
    synchronized void enter(String tenant) {
        if (byTenant.getOrDefault(tenant, 0) >= mostOfTenant) {
            throw refused(
                    TOO_MANY, "Close a stream before you open another one; your tenant has " + mostOfTenant + " here.");
        }
        if (all >= mostOfAll) {
            throw refused(ProblemType.UNAVAILABLE, "There are as many streams as there may be; come again later.");
        }
        byTenant.merge(tenant, 1, Integer::sum);
        all++;
    }

    synchronized void leave(String tenant) {
        byTenant.computeIfPresent(tenant, (id, count) -> count == 1 ? null : count - 1);
        all--;
    }

    synchronized int size() {
        return all;
    }

    private static ProblemException refused(ProblemType type, String detail) {
        return new ProblemException(type, detail).withHeader("Retry-After", RETRY_SECONDS);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    /** Not while the process ends: then streams end as well. */
    @Override
    public boolean isRunning() {
        return running;
    }
}
