package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random patterns and texts of few characters against regular expressions. The seed is the repetition. */
class GlobPropertyTest {

    @RepeatedTest(50)
    void matchesAsTheRegularExpressionDoes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            String pattern = text(random, "ab*?\\\uD83D\uDE00".codePoints().toArray(), 8);
            String text = text(random, "ab*?\\\uD83D\uDE00".codePoints().toArray(), 10);
            boolean expected = Pattern.compile(regex(pattern), Pattern.DOTALL)
                    .matcher(text)
                    .matches();
            assertThat(new Glob(pattern).matches(text))
                    .as(pattern + " on " + text)
                    .isEqualTo(expected);
        }
    }

    /** Exponential for an engine that looks back to every star. */
    @Test
    void manyStarsCostLittle() {
        assertThat(new Glob("*a".repeat(250) + "b").matches("a".repeat(512))).isFalse();
    }

    private static String regex(String pattern) {
        int[] points = pattern.codePoints().toArray();
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < points.length; i++) {
            if (points[i] == '\\' && i + 1 < points.length) {
                regex.append(Pattern.quote(Character.toString(points[++i])));
            } else {
                regex.append(
                        points[i] == '*'
                                ? ".*"
                                : points[i] == '?' ? "." : Pattern.quote(Character.toString(points[i])));
            }
        }
        return regex.toString();
    }

    private static String text(Random random, int[] alphabet, int maxLength) {
        return random.ints(random.nextInt(maxLength + 1), 0, alphabet.length)
                .mapToObj(i -> Character.toString(alphabet[i]))
                .collect(Collectors.joining());
    }
}
