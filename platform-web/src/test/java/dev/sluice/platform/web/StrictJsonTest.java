package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTest {

    private final StrictJson json = new StrictJson();

    record Inner(String name) {}

    record Sample(
            String text,
            long count,
            @Nullable Double ratio,
            @Nullable List<String> tags,
            @Nullable Inner inner) {}

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "invalid_json", "body"),
                Arguments.of("null", "invalid_json", "body"),
                Arguments.of("{\"text\":\"a\",\"count\":1", "invalid_json", "body"),
                Arguments.of("{\"text\":\"a\",\"count\":1} {}", "invalid_json", "body"),
                Arguments.of("{\"text\":\"a\",\"count\":1}x", "invalid_json", "body"),
                Arguments.of("{'text':'a','count':1}", "invalid_json", "body"),
                Arguments.of("{/*a*/\"text\":\"a\",\"count\":1}", "invalid_json", "body"),
                Arguments.of("{\"text\":\"a\",\"count\":NaN}", "invalid_json", "body"),
                Arguments.of("{\"text\":\"a\u0001\",\"count\":1}", "invalid_json", "body"),
                Arguments.of("\uFEFF{\"text\":\"a\",\"count\":1}", "invalid_json", "body"),
                Arguments.of("[1]", "wrong_type", "body"),
                Arguments.of("1", "wrong_type", "body"),
                Arguments.of("{\"text\":\"a\",\"text\":\"b\",\"count\":1}", "duplicate_field", "text"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"admin\":true}", "unknown_field", "admin"),
                Arguments.of(
                        "{\"text\":\"a\",\"count\":1,\"inner\":{\"name\":\"n\",\"x\":1}}", "unknown_field", "inner.x"),
                Arguments.of("{\"text\":7,\"count\":1}", "wrong_type", "text"),
                Arguments.of("{\"text\":true,\"count\":1}", "wrong_type", "text"),
                Arguments.of("{\"text\":\"a\",\"count\":\"1\"}", "wrong_type", "count"),
                Arguments.of("{\"text\":\"a\",\"count\":1.5}", "wrong_type", "count"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"tags\":\"x\"}", "wrong_type", "tags"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"tags\":[1]}", "wrong_type", "tags[0]"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"inner\":[]}", "wrong_type", "inner"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"ratio\":1e400}", "number_out_of_range", "ratio"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"ratio\":1e999999999}", "number_out_of_range", "ratio"),
                Arguments.of("{\"text\":\"a\",\"count\":" + "9".repeat(1001) + "}", "invalid_json", "body"),
                Arguments.of("{\"text\":\"\\ud800\",\"count\":1}", "invalid_json", "text"),
                Arguments.of("{\"count\":1}", "missing_field", "text"),
                Arguments.of("{\"text\":null,\"count\":1}", "missing_field", "text"),
                Arguments.of("{\"text\":\"a\",\"count\":1,\"inner\":{}}", "missing_field", "inner.name"),
                Arguments.of("{\"" + "n".repeat(300) + "\":1}", "invalid_json", "body"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithCodeAndField(String body, String code, String field) {
        ProblemException problem = problemOf(body.getBytes(StandardCharsets.UTF_8));
        assertThat(problem.type().code()).isEqualTo(code);
        assertThat(problem.field()).isEqualTo(field);
        assertThat(problem.detail()).isNotEmpty();
        assertThat(problem.type().status()).isEqualTo(400);
    }

    @Test
    void refusesNestingOverSixtyFour() {
        String deep = "[".repeat(StrictJson.MAX_DEPTH + 1) + "]".repeat(StrictJson.MAX_DEPTH + 1);
        ProblemException problem = problemOf(deep.getBytes(StandardCharsets.UTF_8));
        assertThat(problem.type()).isEqualTo(ProblemType.TOO_DEEP);
        assertThat(problem.field()).isEqualTo("body");
        String allowed = "[".repeat(StrictJson.MAX_DEPTH) + "]".repeat(StrictJson.MAX_DEPTH);
        assertThat(json.readTree(allowed.getBytes(StandardCharsets.UTF_8)).isArray())
                .isTrue();
    }

    @Test
    void refusesOverlongUtf8InPlaceOfAnotherCharacter() {
        byte[] body = {'{', '"', 't', '"', ':', '"', (byte) 0xC0, (byte) 0xAF, '"', '}'};
        assertThat(problemOf(body).detail()).contains("UTF-8");
    }

    @Test
    void refusesUtf16() {
        assertThat(problemOf("{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_16))
                        .type())
                .isEqualTo(ProblemType.INVALID_JSON);
    }

    @Test
    void namesEveryMissingField() {
        ProblemException problem = problemOf("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly("text", "count");
    }

    @Test
    void readsWhatIsRight() {
        Sample sample = json.read(
                "{\"text\":\"ä\uD83D\uDE00\",\"count\":3,\"ratio\":0.5,\"tags\":[\"a\"],\"inner\":{\"name\":\"n\"}}"
                        .getBytes(StandardCharsets.UTF_8),
                Sample.class);
        assertThat(sample).isEqualTo(new Sample("ä\uD83D\uDE00", 3, 0.5, List.of("a"), new Inner("n")));
    }

    private ProblemException problemOf(byte[] body) {
        return assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> json.read(body, Sample.class))
                .actual();
    }
}
