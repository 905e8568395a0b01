package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyGlobTest {
    @ParameterizedTest
    @CsvSource({
        "feed:*, feed:*, true",
        "feed:*, feed:, true",
        "feed:*, feed:*:page:*, true",
        "feed:*, afeed:*, false",
        "feed, feed, true",
        "feed, feeds, false",
        "*, '', true",
        "a.c, abc, false",
    })
    void aStarIsAnythingAndTheRestIsItself(String glob, String pattern, boolean matches) {
        assertThat(new KeyGlob(glob).matches(pattern)).isEqualTo(matches);
    }

    @RepeatedTest(20)
    void agreesWithARegularExpression(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 500; i++) {
            String glob = text(random, "ab*", 6);
            String pattern = text(random, "ab*", 8);
            Pattern expected = Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
            assertThat(new KeyGlob(glob).matches(pattern))
                    .as(glob + " and " + pattern)
                    .isEqualTo(expected.matcher(pattern).matches());
        }
    }

    private static String text(Random random, String letters, int longest) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(longest + 1); left > 0; left--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
