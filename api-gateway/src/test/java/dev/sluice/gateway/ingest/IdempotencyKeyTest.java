package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class IdempotencyKeyTest {

    @Test
    void isNullWhenNoneWasSent() {
        assertThat(IdempotencyKey.of(new HttpHeaders())).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"|8e03978e-40d5-43e8-bc93-6894a57f9324",
                "8e03978e-40d5-43e8-bc93-6894a57f9324|8e03978e-40d5-43e8-bc93-6894a57f9324",
                "\"a b\"|a b",
                "\"a\\\"b\\\\\"|a\"b\\"
            })
    void takesAStringWithAndWithoutQuotes(String header, String key) {
        assertThat(IdempotencyKey.of(of(header))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"\"", "\"", "\"a", "a\"", "\"a\\n\"", "a b", "ä", "\"ä\"", "a\\b", "\"a\";p=1", "a\tb"})
    void refusesWhatIsNoKey(String header) {
        assertRefused(of(header));
    }

    @Test
    void refusesTwoKeysAndLongOnes() {
        HttpHeaders two = of("a");
        two.add("Idempotency-Key", "a");
        assertRefused(two);
        assertThat(IdempotencyKey.of(of("k".repeat(128)))).hasSize(128);
        assertRefused(of("k".repeat(129)));
    }

    private static void assertRefused(HttpHeaders headers) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> IdempotencyKey.of(headers));
        assertThat(problem).isNotNull();
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_HEADER);
        assertThat(problem.field()).isEqualTo("Idempotency-Key");
    }

    private static HttpHeaders of(String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.add("Idempotency-Key", value);
        return headers;
    }
}
