package dev.sluice.webhook.replay;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a job sends again. */
enum ReplayKind {
    /** Deliveries that were given up. They stay on the log for 30 days. */
    RECOVER(Duration.ofDays(30)),
    /** Events that match. They stay on the log for 7 days. */
    REPLAY(Duration.ofDays(7));

    private static final String PREFIX = "webhook.";

    private final Duration reach;

    ReplayKind(Duration reach) {
        this.reach = reach;
    }

    static Set<String> names() {
        return Arrays.stream(values()).map(ReplayKind::jobKind).collect(Collectors.toSet());
    }

    static ReplayKind of(String jobKind) {
        return valueOf(jobKind.substring(PREFIX.length()).toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of the job on the log. */
    String jobKind() {
        return PREFIX + label();
    }

    /** How far back the log goes. */
    Duration reach() {
        return reach;
    }
}
