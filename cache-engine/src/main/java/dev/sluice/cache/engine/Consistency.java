package dev.sluice.cache.engine;

/**
 * How many copies were looked at, and how many of them were wrong. Pure.
 *
 * <p>What so many looks say about all copies is said with a confidence of 95 %: no more than {@link #atMostWrong} of them are
 * wrong. That bound is Poisson's; with none wrong it is 3 in as many as were looked at, the "rule of three" (Hanley, Lippman-Hand:
 * If nothing goes wrong, is everything all right?, JAMA 1983).
 */
record Consistency(long checked, long wrong) {

    static final Consistency UNKNOWN = new Consistency(0, 0);

    /** Of the normal distribution, one-sided 95 %. */
    private static final double Z = 1.6448536;

    Consistency {
        if (checked < 0 || wrong < 0 || wrong > checked) {
            throw new IllegalArgumentException("wrong must be 0 to checked");
        }
    }

    Consistency plus(Consistency other) {
        return new Consistency(checked + other.checked, wrong + other.wrong);
    }

    /** The part that was right, not a number when none was looked at. */
    double ratio() {
        return checked == 0 ? Double.NaN : (double) (checked - wrong) / checked;
    }

    /** The part of all copies that is wrong at most, with a confidence of 95 %. */
    double atMostWrong() {
        return checked == 0 ? 1 : Math.min(1, mostExpected(wrong) / checked);
    }

    /** How many nines may be claimed with a confidence of 95 %: 3 for 0.999. 0 when nothing is known. */
    double nines() {
        return Math.max(0, -Math.log10(atMostWrong()));
    }

    /**
     * The highest mean of a Poisson distribution that gives so few in one case of 20. Beyond none by Wilson and Hilferty
     * (1931), which is within 1 % of the exact value.
     */
    private static double mostExpected(long seen) {
        if (seen == 0) {
            return -Math.log(0.05);
        }
        double n = seen + 1.0;
        return n * Math.pow(1 - 1 / (9 * n) + Z / (3 * Math.sqrt(n)), 3);
    }
}
