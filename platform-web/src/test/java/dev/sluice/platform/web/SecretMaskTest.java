package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretMaskTest {

    @ParameterizedTest
    @CsvSource({
        "/api/v1/keys/slk_live_K3SSDjGPXXkZG32R_AJSL7UU0bodsbZiJfVGjrzi9DuBJJTr3qUtBbItWKyS0r7lHM, /api/v1/keys/slk_***",
        "/a/whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw/x+=, /a/whsec_***",
        "/a/whsec_MfKQ9r8G%2BYqrTwjUPD8ILPZIo2LaLaSw%3D, /a/whsec_***",
        "sls_34915e47852e185718b3f219ce3c024f_32da8e59bf413c90_Dp7z6aBa9MCxdG5Elv9tiXmPKrhUrzn3R-wp5IU46cg, sls_***",
        "a.slk_test_12345678[0].whsec_123456789, a.slk_***[0].whsec_***"
    })
    void leavesThePrefixAlone(String text, String masked) {
        assertThat(SecretMask.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/webhooks/ep_123456789012", "/slk_a/b", "data.my_field", "''", "slk", "whsec-123456789"})
    void leavesAllElseAsItIs(String text) {
        assertThat(SecretMask.mask(text)).isEqualTo(text);
    }

    @Test
    void masksWhatAProblemSaysOfAField() {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        FieldError error = new FieldError("a." + secret, "unknown_field", secret + " is not known.");
        assertThat(error).isEqualTo(new FieldError("a.whsec_***", "unknown_field", "whsec_*** is not known."));
        ProblemException problem = ProblemException.ofField(ProblemType.UNKNOWN_FIELD, secret, "Not " + secret + ".");
        assertThat(problem).hasMessageNotContaining(secret);
        assertThat(ProblemWriter.document(problem, "r")).containsEntry("field", "whsec_***");
        assertThat(ProblemException.ofFields(ProblemType.UNKNOWN_FIELD, List.of(error))
                        .detail())
                .isEqualTo("whsec_*** is not known.");
    }
}
