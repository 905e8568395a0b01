package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBatchTest {

    @Test
    void cutsItemsOutByteForByte() {
        List<String> items =
                List.of("{ \"a\" : 1.0,\n\"b\":[1 , 2] }", "7", "\"ä😀 ]\\\"\"", "null", "[[]]", "-1.50e+3");
        assertThat(split(" [ " + String.join(" ,\n", items) + " ] ", 6)).isEqualTo(items);
        assertThat(split("[" + String.join(",", items) + "]", 6)).isEqualTo(items);
    }

    @Test
    void leavesWhatIsWrongWithinAnItemToItsReader() {
        assertThat(split("[{\"a\":1,\"a\":2},{\"type\":\"\\ud800\"},1e999999]", 3))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|invalid_json|400",
                "{}|wrong_type|400",
                "1|wrong_type|400",
                "[]|invalid_field|400",
                "[{}|invalid_json|400",
                "[{},]|invalid_json|400",
                "[{}{}]|invalid_json|400",
                "[{}]{}|invalid_json|400",
                "[{}] x|invalid_json|400",
                "[{\"a\":}]|invalid_json|400",
                "['a']|invalid_json|400",
                "[NaN]|invalid_json|400",
                "\uFEFF[1]|invalid_json|400",
                "[1,2,3,4]|too_large|413"
            })
    void refusesTheWholeWhenItIsNoArrayOfItems(String body, String code, int status) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> split(body, 3));
        assertThat(problem).as(body).isNotNull();
        assertThat(problem.type().code()).isEqualTo(code);
        assertThat(problem.type().status()).isEqualTo(status);
        assertThat(problem.field()).isEqualTo("body");
    }

    @Test
    void refusesOtherEncodingsThanUtf8() {
        assertThat(catchThrowableOfType(
                                ProblemException.class,
                                () -> EventBatch.split("[1]".getBytes(StandardCharsets.UTF_16LE), 3))
                        .type()
                        .code())
                .isEqualTo("invalid_json");
        assertThat(catchThrowableOfType(
                                ProblemException.class,
                                () -> EventBatch.split(new byte[] {'[', '"', (byte) 0xc0, (byte) 0xaf, '"', ']'}, 3))
                        .type()
                        .code())
                .isEqualTo("invalid_json");
    }

    @Test
    void refusesEndlessNestingAndEndlessNumbers() {
        assertThat(catchThrowableOfType(ProblemException.class, () -> split("[".repeat(9_000), 3))
                        .type()
                        .status())
                .isEqualTo(400);
        assertThat(catchThrowableOfType(ProblemException.class, () -> split("[" + "1".repeat(9_000) + "]", 3))
                        .type()
                        .status())
                .isEqualTo(400);
    }

    private static List<String> split(String body, int maxItems) {
        return EventBatch.split(body.getBytes(StandardCharsets.UTF_8), maxItems).stream()
                .map(item -> new String(item, StandardCharsets.UTF_8))
                .toList();
    }
}
