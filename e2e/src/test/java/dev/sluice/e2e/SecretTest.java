package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

    private static final String TEXT = "p/ss+word~of_a%kind&that=is long";

    private final Secret secret = Secret.of("password", TEXT);

    @Test
    void findsItAsItIsAndHalfOfIt() {
        assertThat(secret.isIn("before " + TEXT + " behind")).isTrue();
        assertThat(secret.isIn(TEXT.substring(0, 20))).isTrue();
        assertThat(secret.isIn(TEXT.substring(12))).isTrue();
        assertThat(secret.isIn("password " + TEXT.substring(0, 8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "us", "user:", "user::"})
    void findsItWithinBase64OfMore(String before) {
        byte[] more = (before + TEXT + "!").getBytes(StandardCharsets.UTF_8);
        assertThat(secret.isIn(Base64.getEncoder().encodeToString(more))).isTrue();
        assertThat(secret.isIn(Base64.getUrlEncoder().withoutPadding().encodeToString(more)))
                .isTrue();
    }

    @Test
    void findsItInHexadecimalAndInAnAddress() {
        String hex = HexFormat.of().formatHex(TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(secret.isIn(hex)).isTrue();
        assertThat(secret.isIn("a?b=" + URLEncoder.encode(TEXT, StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void findsTheBytesOfOneThatIsWrittenInBase64() {
        byte[] bytes = {0, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12, 13, -14, 15, -16, 17};
        Secret key = Secret.ofBase64("key", Base64.getEncoder().encodeToString(bytes));
        assertThat(key.isIn("x" + new String(bytes, StandardCharsets.ISO_8859_1)))
                .isTrue();
        assertThat(key.isIn(Base64.getEncoder().encodeToString(bytes))).isTrue();
        assertThat(key.isIn("x")).isFalse();
    }
}
