package dev.sluice.standalone.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyFormatTest {

    @Test
    void endsWithTheChecksumOfAllThatPrecedesIt() {
        String key = ApiKeyFormat.generate("test", new SecureRandom());
        String body = key.substring(0, key.length() - 6);
        assertThat(key).matches("slk_test_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}").endsWith(ApiKeyFormat.checksum(body));
    }

    @Test
    void writesTheChecksumInBase62WithLeadingZeros() {
        assertThat(decode(ApiKeyFormat.checksum("a"))).isEqualTo(0xE8B7BE43L);
        assertThat(ApiKeyFormat.checksum("")).isEqualTo("000000");
    }

    @Test
    void makesADifferentKeyEachTime() {
        SecureRandom random = new SecureRandom();
        assertThat(ApiKeyFormat.generate("live", random)).isNotEqualTo(ApiKeyFormat.generate("live", random));
    }

    private static long decode(String digits) {
        String alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        return digits.chars().mapToLong(alphabet::indexOf).reduce(0, (value, digit) -> value * 62 + digit);
    }
}
