package dev.sluice.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.LimitVerdict;
import org.junit.jupiter.api.Test;

class RequestTrailTest {

    private final RequestTrail trail = new RequestTrail("POST", 0);

    @Test
    void isRefusedWhenTheLimitsRefuseWhatItsBodyHolds() {
        trail.limited(LimitVerdict.ALLOWED);
        trail.charged(1);
        trail.limitedFurther(LimitVerdict.LIMITED);
        assertThat(trail.verdict()).isEqualTo(LimitVerdict.LIMITED);
        assertThat(trail.cost()).as("what was charged before stays").isEqualTo(1);
    }

    @Test
    void isRefusedWhenALimitOfWhatItsBodyHoldsCannotBeChecked() {
        trail.limited(LimitVerdict.ALLOWED);
        trail.limitedFurther(LimitVerdict.REFUSED);
        assertThat(trail.verdict()).isEqualTo(LimitVerdict.REFUSED);
    }

    @Test
    void isWhatItWasWhenTheLimitsAdmitTheRestOnAnotherTry() {
        trail.limited(LimitVerdict.SOFT_LIMITED);
        trail.limitedFurther(LimitVerdict.LIMITED);
        trail.limitedFurther(LimitVerdict.ALLOWED);
        assertThat(trail.verdict()).isEqualTo(LimitVerdict.SOFT_LIMITED);
    }
}
