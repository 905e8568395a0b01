package dev.sluice.webhook.endpoint;

import dev.sluice.record.SealedSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Which secrets sign after a rotation: the new one, and those that signed before until the overlap ends or they expire,
 * whichever is first. So none outlives the overlap of the newest rotation, and one without overlap ends all. Pure.
 */
final class SecretSuccession {

    private SecretSuccession() {}

    /** The secrets after a rotation, the current one first. */
    static List<SealedSecret> rotate(List<SealedSecret> before, SealedSecret next, Instant now, Duration overlap) {
        // What is not on the log to the microsecond must not be in memory.
        Instant end = now.plus(overlap).truncatedTo(ChronoUnit.MICROS);
        List<SealedSecret> after = new ArrayList<>();
        after.add(next);
        for (SealedSecret secret : live(before, now)) {
            Instant expiry = secret.getExpiresAt();
            Instant bounded = expiry != null && expiry.isBefore(end) ? expiry : end;
            if (bounded.isAfter(now)) {
                after.add(SealedSecret.newBuilder(secret).setExpiresAt(bounded).build());
            }
        }
        return after;
    }

    /** Those that sign at a moment. */
    static List<SealedSecret> live(List<SealedSecret> secrets, Instant now) {
        return secrets.stream()
                .filter(secret ->
                        secret.getExpiresAt() == null || secret.getExpiresAt().isAfter(now))
                .toList();
    }
}
