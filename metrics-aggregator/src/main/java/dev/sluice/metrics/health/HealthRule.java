package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Status;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A figure, the side of its thresholds on which it should stay, and the thresholds. Pure.
 *
 * @param figure its name in sentences
 * @param unit behind the numbers
 * @param warning past which it is a warning; null when it is none
 * @param degraded past which it is degraded; null when it never is
 */
record HealthRule(
        String figure,
        String unit,
        Side side,
        @Nullable Double warning,
        @Nullable Double degraded) {

    private static final double BEST_SHARE = 100;
    private static final int DECIMALS = 3;

    /** Where the figure should be; what should be much is a share in percent. */
    enum Side {
        BELOW("below"),
        AT_MOST("at most"),
        AT_LEAST("at least");

        private final String words;

        Side(String words) {
            this.words = words;
        }

        boolean isPast(double measured, double threshold) {
            return switch (this) {
                case BELOW -> measured >= threshold;
                case AT_MOST -> measured > threshold;
                case AT_LEAST -> measured < threshold;
            };
        }

        /** A threshold that is harder to keep: nearer by that share to what is best, 0 or for what should be much 100 %. */
        double harder(double threshold, double margin) {
            return this == AT_LEAST ? threshold + (BEST_SHARE - threshold) * margin : threshold * (1 - margin);
        }
    }

    /**
     * A figure that is past a threshold.
     *
     * @param sentence names what was measured and the threshold
     */
    record Finding(Status status, double measured, double threshold, String sentence) {}

    Optional<Finding> find(double measured) {
        return find(measured, 0);
    }

    /**
     * What is found of thresholds that are harder to keep.
     *
     * @param margin by which share of them
     */
    Optional<Finding> find(double measured, double margin) {
        if (degraded != null && side.isPast(measured, side.harder(degraded, margin))) {
            return Optional.of(finding(Status.DEGRADED, measured, degraded));
        }
        if (warning != null && side.isPast(measured, side.harder(warning, margin))) {
            return Optional.of(finding(Status.WARNING, measured, warning));
        }
        return Optional.empty();
    }

    private Finding finding(Status status, double measured, double threshold) {
        String sentence = String.format(
                Locale.ROOT,
                "%s is %.1f %s; it should be %s %s %s",
                figure,
                measured,
                unit,
                side.words,
                plain(threshold),
                unit);
        return new Finding(status, measured, threshold, sentence);
    }

    /** Without zeros behind the point, nor what binary fractions leave there. */
    private static String plain(double number) {
        return BigDecimal.valueOf(number)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
