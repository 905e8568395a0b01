package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of broken event is refused with a code that says how it is broken and the field that is. */
class RefusedEventTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "{\"specversion\":\"1.0\"",
                "{\"a\":1} {}",
                "{\"a\":1}x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":/* c */1}",
                "{\"a\":1}// c",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":.5}",
                "{\"a\":0x1}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":tru}",
                "\uFEFF{}"
            })
    void refusesWhatIsNotJson(String body) {
        assertRefused(body, "invalid_json", "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"text\"", "true", "[{\"specversion\":\"1.0\",\"type\":\"a\"}]"})
    void refusesWhatIsNoObject(String body) {
        assertRefused(body, "wrong_type", "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "ff", "eda080", "f4908080", "c3", "e28228"})
    void refusesBytesThatAreNotUtf8(String hex) {
        byte[] body = with("\"data\":\"%s\"").getBytes(StandardCharsets.UTF_8);
        byte[] wrong = HexFormat.of().parseHex(hex);
        byte[] broken = new byte[body.length - 2 + wrong.length];
        int at = with("\"data\":\"%s\"").indexOf('%');
        System.arraycopy(body, 0, broken, 0, at);
        System.arraycopy(wrong, 0, broken, at, wrong.length);
        System.arraycopy(body, at + 2, broken, at + wrong.length, body.length - at - 2);
        assertRefused(broken, "invalid_json", "body");
    }

    @Test
    void refusesOtherEncodings() {
        for (String charset : new String[] {"UTF-16LE", "UTF-16BE", "UTF-32"}) {
            assertRefused(with("\"data\":1").getBytes(Charset.forName(charset)), "invalid_json", "body");
        }
    }

    static Stream<Arguments> structure() {
        return Stream.of(
                Arguments.of(with("\"type\":\"b\""), "duplicate_field", "type"),
                Arguments.of(with("\"data\":1,\"\\u0064ata\":2"), "duplicate_field", "data"),
                Arguments.of(with("\"data\":{\"a\":{\"b\":1,\"b\":2}}"), "duplicate_field", "data.a.b"),
                Arguments.of(with("\"data\":" + "[".repeat(64) + "]".repeat(64)), "too_deep", "body"),
                Arguments.of(with("\"data\":" + "{\"a\":".repeat(600) + "1" + "}".repeat(600)), "too_deep", "body"),
                Arguments.of("[".repeat(100_000), "too_deep", "body"),
                Arguments.of(with("\"data\":" + "1".repeat(1_001)), "invalid_json", "body"),
                Arguments.of(with("\"data\":{\"" + "n".repeat(60_000) + "\":1}"), "invalid_json", "body"),
                Arguments.of(with("\"data\":1e400"), "number_out_of_range", "data"),
                Arguments.of(with("\"data\":[0,{\"a\":1e999999999}]"), "number_out_of_range", "data[1].a"),
                Arguments.of(with("\"data\":{\"a\":\"\\ud800\"}"), "invalid_json", "data.a"),
                Arguments.of(with("\"data\":{\"\\udc00\":1}"), "invalid_json", "body"),
                Arguments.of(with("\"subject\":\"\\ud800\""), "invalid_json", "subject"));
    }

    @ParameterizedTest
    @MethodSource("structure")
    void refusesStructureThatReadersUnderstandDifferently(String body, String code, String field) {
        assertRefused(body, code, field);
    }

    static Stream<Arguments> attributes() {
        return Stream.of(
                Arguments.of("{\"type\":\"a\"}", "missing_field", "specversion"),
                Arguments.of("{\"specversion\":null,\"type\":\"a\"}", "missing_field", "specversion"),
                Arguments.of("{\"specversion\":1.0,\"type\":\"a\"}", "wrong_type", "specversion"),
                Arguments.of("{\"specversion\":\"0.3\",\"type\":\"a\"}", "invalid_field", "specversion"),
                Arguments.of("{\"specversion\":\"1.0\"}", "missing_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":7}", "wrong_type", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\"\"}", "invalid_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\" \"}", "invalid_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\"Order\"}", "invalid_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\"a\\n\"}", "invalid_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\"a\\u0000\"}", "invalid_field", "type"),
                Arguments.of("{\"specversion\":\"1.0\",\"type\":\"" + "a".repeat(65) + "\"}", "invalid_field", "type"),
                Arguments.of(with("\"id\":\"\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":\"a.b\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":\"a b\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":\"a\\r\\nX: y\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":\"ä\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":\"" + "a".repeat(65) + "\""), "invalid_field", "id"),
                Arguments.of(with("\"id\":12"), "wrong_type", "id"),
                Arguments.of(with("\"id\":[\"a\"]"), "wrong_type", "id"),
                Arguments.of(with("\"source\":\"\""), "invalid_field", "source"),
                Arguments.of(with("\"source\":\"a b\""), "invalid_field", "source"),
                Arguments.of(with("\"source\":\"http://[\""), "invalid_field", "source"),
                Arguments.of(with("\"source\":\"/ä\""), "invalid_field", "source"),
                Arguments.of(with("\"source\":\"/" + "a".repeat(256) + "\""), "invalid_field", "source"),
                Arguments.of(with("\"subject\":\"\""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":\"  \""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":\"a.b\""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":\"a\\u0000\""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":\"\\u001b[31m\""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":\"" + "ä".repeat(65) + "\""), "invalid_field", "subject"),
                Arguments.of(with("\"subject\":{}"), "wrong_type", "subject"),
                Arguments.of(with("\"time\":\"2026-01-31T12:00:00\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":\"2026-01-31T24:00:00Z\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":\"2026-01-30T11:59:59Z\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":\"2026-02-01T12:00:01Z\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":\"0000-01-01T00:00:00Z\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":\"9999-12-31T23:59:59Z\""), "invalid_field", "time"),
                Arguments.of(with("\"time\":1769860800"), "wrong_type", "time"),
                Arguments.of(with("\"expirytime\":\"in an hour\""), "invalid_field", "expirytime"),
                Arguments.of(with("\"expirytime\":\"2026-01-31T12:00:00\""), "invalid_field", "expirytime"),
                Arguments.of(with("\"expirytime\":1769860800"), "invalid_field", "expirytime"),
                Arguments.of(with("\"datacontenttype\":\"json\""), "invalid_field", "datacontenttype"),
                Arguments.of(
                        with("\"datacontenttype\":\"a/" + "b".repeat(127) + "\""), "invalid_field", "datacontenttype"),
                Arguments.of(with("\"datacontenttype\":\"text/plain\",\"data\":{}"), "wrong_type", "data"),
                Arguments.of(with("\"dataschema\":\"relative\""), "invalid_field", "dataschema"),
                Arguments.of(with("\"dataschema\":\"\""), "invalid_field", "dataschema"));
    }

    @ParameterizedTest
    @MethodSource("attributes")
    void refusesAttributesThatBreakTheRules(String body, String code, String field) {
        assertRefused(body, code, field);
    }

    static Stream<Arguments> dataAndExtensions() {
        return Stream.of(
                Arguments.of(with("\"data\":1,\"data_base64\":\"AA==\""), "invalid_field", "data_base64"),
                Arguments.of(with("\"data_base64\":7"), "wrong_type", "data_base64"),
                Arguments.of(with("\"data_base64\":\"A\""), "invalid_field", "data_base64"),
                Arguments.of(with("\"data_base64\":\"-_8=\""), "invalid_field", "data_base64"),
                Arguments.of(with("\"data_base64\":\"AA==\\n\""), "invalid_field", "data_base64"),
                Arguments.of(
                        with("\"data_base64\":\"e30x\",\"datacontenttype\":\"application/json\""),
                        "invalid_field",
                        "data_base64"),
                Arguments.of(with("\"admin_\":true"), "unknown_field", "admin_"),
                Arguments.of(with("\"Tenant\":\"a\""), "unknown_field", "Tenant"),
                Arguments.of(with("\"__proto__\":\"a\""), "unknown_field", "__proto__"),
                Arguments.of(with("\"\":\"a\""), "unknown_field", ""),
                Arguments.of(with("\"" + "a".repeat(21) + "\":\"a\""), "unknown_field", "a".repeat(21)),
                Arguments.of(with("\"extra\":1.5"), "wrong_type", "extra"),
                Arguments.of(with("\"extra\":2147483648"), "wrong_type", "extra"),
                Arguments.of(with("\"extra\":{}"), "wrong_type", "extra"),
                Arguments.of(with("\"extra\":[\"a\"]"), "wrong_type", "extra"),
                Arguments.of(with("\"extra\":\"a\\u0000\""), "invalid_field", "extra"),
                Arguments.of(with("\"extra\":\"" + "a".repeat(1_025) + "\""), "invalid_field", "extra"),
                Arguments.of(with(extensions(33)), "invalid_field", "extensions"));
    }

    @ParameterizedTest
    @MethodSource("dataAndExtensions")
    void refusesDataAndExtensionsThatBreakTheRules(String body, String code, String field) {
        assertRefused(body, code, field);
    }

    @Test
    void tellsAllFaultsAtOnce() {
        ProblemException problem =
                assertRefused("{\"specversion\":\"2\",\"id\":\"a.b\",\"Bad\":1}", "unknown_field", "Bad");
        assertThat(problem.errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("Bad", "specversion", "id", "type");
        assertThat(problem.errors())
                .extracting(FieldError::detail)
                .allSatisfy(detail -> assertThat(detail).isNotBlank());
    }

    @Test
    void neverRepeatsWhatWasSentInADetail() {
        ProblemException problem = assertRefused(with("\"subject\":\"sec.ret\""), "invalid_field", "subject");
        assertThat(problem.detail()).doesNotContain("sec");
    }

    static String extensions(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"ext" + i + "\":\"v\"").collect(Collectors.joining(","));
    }

    private static ProblemException assertRefused(String body, String code, String field) {
        return assertRefused(body.getBytes(StandardCharsets.UTF_8), code, field);
    }

    private static ProblemException assertRefused(byte[] body, String code, String field) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> EventReading.read(body));
        assertThat(problem).isNotNull();
        assertThat(problem.type().code()).isEqualTo(code);
        assertThat(String.valueOf(problem.field())).isEqualTo(field.equals("none") ? "null" : field);
        assertThat(problem.type().status()).isEqualTo(400);
        return problem;
    }
}
