package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verdict that does not flap: it changes when the figures have been on another side for long enough, and to better only when they are better by
 * a margin. Immutable.
 *
 * @param status the verdict
 * @param movingSince since when the figures have been worse, or better, than the verdict without a break; null while they are as it says
 * @param worse whether they are worse
 */
public record Hysteresis(Status status, @Nullable Instant movingSince, boolean worse) {

    public static Hysteresis at(Status status) {
        return new Hysteresis(status, null, false);
    }

    /**
     * What is true after a look at the figures.
     *
     * @param strict what they are by the thresholds
     * @param wary what they are by thresholds that are harder to keep; never better than {@code strict}
     * @param hold how long they must have been worse, or better, before the verdict follows
     */
    public Hysteresis next(Instant now, Status strict, Status wary, Duration hold) {
        if (strict.isWorseThan(status)) {
            return move(now, strict, true, hold);
        }
        if (status.isWorseThan(wary)) {
            return move(now, wary, false, hold);
        }
        return at(status);
    }

    private Hysteresis move(Instant now, Status to, boolean toWorse, Duration hold) {
        Instant since = movingSince == null || worse != toWorse ? now : movingSince;
        // From warning to degraded and back on the way is one way: it is worse all the time.
        return Duration.between(since, now).compareTo(hold) >= 0 ? at(to) : new Hysteresis(status, since, toWorse);
    }
}
