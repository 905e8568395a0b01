package dev.sluice.gateway.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gateways that are alive by what was heard of them. One that falls silent without a farewell counts on for a while:
 * it may be cut off from the log and still answer requests. Decides by times that it is given, in nanoseconds of one
 * monotonic clock, so that no other machine's clock matters. Not thread-safe.
 */
final class Members {

    private record Heard(Map<String, Long> applied, long at) {}

    private final String self;
    private final long settlingNanos;
    private final long silenceNanos;
    private final Map<String, Heard> members = new HashMap<>();
    private boolean heardOfSelf;
    private long heardOfSelfSince;

    /**
     * @param settling how long to listen before all gateways are known; longer than any of them is silent
     * @param silence after how long a silent gateway is taken for dead
     */
    Members(String self, Duration settling, Duration silence) {
        this.self = self;
        this.settlingNanos = settling.toNanos();
        this.silenceNanos = silence.toNanos();
    }

    void heard(String instance, Map<String, Long> applied, long now) {
        members.put(instance, new Heard(Map.copyOf(applied), now));
        if (!heardOfSelf && instance.equals(self)) {
            heardOfSelf = true;
            heardOfSelfSince = now;
        }
    }

    void left(String instance) {
        members.remove(instance);
    }

    /** Which gateways have applied a table up to an offset. */
    Progress progress(String table, long offset, long now) {
        members.values().removeIf(heard -> now - heard.at() > silenceNanos);
        List<String> missing = new ArrayList<>();
        members.forEach((instance, heard) -> {
            if (heard.applied().getOrDefault(table, -1L) < offset) {
                missing.add(instance);
            }
        });
        missing.sort(null);
        boolean settled = heardOfSelf && now - heardOfSelfSince >= settlingNanos && members.containsKey(self);
        int gateways = members.size();
        return new Progress(settled && missing.isEmpty(), gateways, gateways - missing.size(), missing);
    }

    int size(long now) {
        members.values().removeIf(heard -> now - heard.at() > silenceNanos);
        return members.size();
    }
}
