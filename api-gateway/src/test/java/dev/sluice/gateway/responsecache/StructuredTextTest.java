package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.responsecache.StructuredText.Text;
import dev.sluice.platform.test.Randomness;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9651. */
class StructuredTextTest {

    @Test
    void readsADictionary() {
        assertThat(StructuredText.dictionary(List.of("a=1, b, c=?0;x=\"y\" ,\td=\"q\\\"\", a=-2", "e=1.5, f=(1 2);g")))
                .contains(Map.of(
                        "a",
                        -2L,
                        "b",
                        true,
                        "c",
                        false,
                        "d",
                        new Text("q\""),
                        "e",
                        StructuredText.OTHER,
                        "f",
                        StructuredText.OTHER));
        assertThat(StructuredText.dictionary(List.of(""))).contains(Map.of());
    }

    @Test
    void readsAList() {
        assertThat(StructuredText.list(List.of("\"a\";p, \"b c\"", "tok/en, :aGk=:, @12")))
                .contains(List.of(
                        new Text("a"),
                        new Text("b c"),
                        StructuredText.OTHER,
                        StructuredText.OTHER,
                        StructuredText.OTHER));
        assertThat(CacheGroups.of(List.of("\"a\", b, \"a\", \"c\""))).containsExactly("a", "c");
        assertThat(CacheGroups.of(List.of("\"a\", &"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A=1",
                "a=",
                "a=1,",
                "a =1",
                "a= 1",
                "a=\"x",
                "a=\"\\x\"",
                "a=(1",
                "a=(1,2)",
                "a=1 b",
                "&",
                "a=?2",
                "a=:x",
                "a=1234567890123456",
                "a=1.",
                "a=1.2345",
                "a;=1",
                "a=\u00e4",
                "a=\"\u00e4\""
            })
    void takesOneFaultForNothing(String text) {
        assertThat(StructuredText.dictionary(List.of(text))).isEmpty();
    }

    @Test
    void endsOnWhatever() {
        Random random = Randomness.seeded();
        String signs = "ab=1,;\"\\()?:@ -.\t&";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(15); j > 0; j--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            assertThat(StructuredText.dictionary(List.of(text.toString()))).isNotNull();
            assertThat(StructuredText.list(List.of(text.toString()))).isNotNull();
        }
    }
}
