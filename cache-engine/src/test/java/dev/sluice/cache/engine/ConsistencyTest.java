package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ConsistencyTest {

    @Test
    void nothingIsKnownWithoutALook() {
        assertThat(Consistency.UNKNOWN.ratio()).isNaN();
        assertThat(Consistency.UNKNOWN.nines()).isZero();
        assertThat(Consistency.UNKNOWN.atMostWrong()).isOne();
    }

    @Test
    void withNoneWrongTheRuleOfThreeHolds() {
        Consistency none = new Consistency(300_000, 0);
        assertThat(none.ratio()).isOne();
        assertThat(none.atMostWrong()).isCloseTo(1e-5, Percentage.withPercentage(0.2));
        assertThat(none.nines()).isCloseTo(5, within(0.001));
        assertThat(new Consistency(2, 0).nines()).isZero();
    }

    @Test
    void someWrongAreFewerNines() {
        Consistency one = new Consistency(1000, 1);
        assertThat(one.ratio()).isEqualTo(0.999);
        assertThat(one.nines()).isBetween(2.3, 2.4);
        assertThat(new Consistency(10, 10).nines()).isZero();
        assertThat(one.plus(new Consistency(1000, 0))).isEqualTo(new Consistency(2000, 1));
    }

    /** The bound against the sum that defines it. */
    @Test
    void boundIsPoissons() {
        for (int wrong = 0; wrong < 200; wrong++) {
            double bound = new Consistency(1_000_000, wrong).atMostWrong() * 1_000_000;
            assertThat(bound).as("of %d", wrong).isCloseTo(exactBound(wrong), Percentage.withPercentage(1));
        }
    }

    @Test
    void refusesMoreWrongThanChecked() {
        assertThatThrownBy(() -> new Consistency(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double exactBound(int wrong) {
        double low = 0;
        double high = 1000;
        for (int i = 0; i < 100; i++) {
            double mean = (low + high) / 2;
            if (atMost(wrong, mean) > 0.05) {
                low = mean;
            } else {
                high = mean;
            }
        }
        return low;
    }

    private static double atMost(int wrong, double mean) {
        double sum = 0;
        double term = Math.exp(-mean);
        for (int i = 0; i <= wrong; i++) {
            sum += term;
            term *= mean / (i + 1);
        }
        return sum;
    }
}
