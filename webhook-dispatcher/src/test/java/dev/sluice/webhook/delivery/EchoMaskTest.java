package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.webhook.egress.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoMaskTest {

    @Test
    void hidesWhatWasSentWhereverItStands() {
        EchoMask mask = EchoMask.of(List.of("Bearer abc.def-ghi", "own-secret-1"));

        assertThat(hidden(mask, "{\"authorization\":\"Bearer abc.def-ghi\",\"x\":\"own-secret-1own-secret-1\"}"))
                .isEqualTo("{\"authorization\":\"***\",\"x\":\"******\"}");
        assertThat(hidden(mask, "token abc.def-ghi is not valid")).isEqualTo("token *** is not valid");
    }

    @Test
    void leavesAllElseAsItIs() {
        EchoMask mask = EchoMask.of(List.of("Bearer abc.def-ghi", "true"));
        byte[] binary = {0, (byte) 0xff, (byte) 0xc3, 't', 'r', 'u', 'e'};

        assertThat(mask.hide(Body.of(binary)).bytes()).isEqualTo(binary);
        assertThat(hidden(mask, "Bearer what? true")).isEqualTo("Bearer what? true");
        assertThat(hidden(EchoMask.of(List.of()), "own-secret-1")).isEqualTo("own-secret-1");
    }

    @Test
    void hidesTheLongerOfTwoWhole() {
        EchoMask mask = EchoMask.of(List.of("own-secret", "own-secret-and-more"));

        assertThat(hidden(mask, "own-secret-and-more, own-secret")).isEqualTo("***, ***");
    }

    @Test
    void hidesWhatWasBegunWhereTheBodyWasCut() {
        EchoMask mask = EchoMask.of(List.of("0123456789abcdef"));
        String before = "x".repeat(Body.MAX_BYTES - 12);

        assertThat(hidden(mask, before + "0123456789abcdef")).isEqualTo(before + "***");
        // Not cut, so it is something else.
        assertThat(hidden(mask, "0123456789ab")).isEqualTo("0123456789ab");
    }

    private static String hidden(EchoMask mask, String body) {
        byte[] bytes = mask.hide(Body.of(body.getBytes(StandardCharsets.UTF_8))).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
