package dev.sluice.starter.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.Month;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cache.interceptor.SimpleKey;

class StableKeyTextTest {

    private final StableKeyText keys = new StableKeyText();

    record Page(String shelf, int number) {}

    @ParameterizedTest
    @CsvSource({"products/42, products/42", "42, 42", "long:42, string:long:42", "(a), string:(a)", "'[', 'string:['"})
    void stringsAreThemselvesUnlessTheyLookLikeSomethingElse(String key, String text) {
        assertThat(keys.textOf(key)).isEqualTo(text);
    }

    @Test
    void whatIsNoStringSaysItsType() {
        assertThat(keys.textOf(42)).isEqualTo("integer:42");
        assertThat(keys.textOf(42L)).isEqualTo("long:42");
        assertThat(keys.textOf(Month.MAY)).isEqualTo("java.time.Month:MAY");
        assertThat(keys.textOf(Duration.ofSeconds(1))).isEqualTo("duration:PT1S");
        assertThat(keys.textOf(Instant.EPOCH)).isEqualTo("instant:1970-01-01T00:00:00Z");
        assertThat(keys.textOf(new UUID(0, 1))).isEqualTo("uuid:00000000-0000-0000-0000-000000000001");
        assertThat(keys.textOf(Optional.of(1))).isEqualTo("optional(integer:1)");
        assertThat(keys.textOf(new int[] {1, 2})).isEqualTo("[integer:1,integer:2]");
        assertThat(keys.textOf(List.of("a", 1))).isEqualTo("[\"a\",integer:1]");
        assertThat(keys.textOf(new Page("a", 1))).endsWith("Page(shelf=\"a\",number=integer:1)");
        assertThat(keys.textOf(SimpleKey.EMPTY)).isEqualTo("()");
        assertThat(keys.textOf(new SimpleKey("a", null, 1L))).isEqualTo("(\"a\",null:,long:1)");
    }

    @Test
    void orderOfSetsAndMapsDoesNotMatter() {
        assertThat(keys.textOf(Set.of("a", "b", "c"))).isEqualTo("set(\"a\",\"b\",\"c\")");
        assertThat(keys.textOf(Map.of("b", 1, "a", 2))).isEqualTo("{\"a\"=integer:2,\"b\"=integer:1}");
    }

    /** Spring's own text of these two is the same. */
    @Test
    void partsDoNotRunTogether() {
        assertThat(new SimpleKey("a, b")).hasToString(new SimpleKey("a", "b").toString());
        assertThat(keys.textOf(new SimpleKey("a, b"))).isNotEqualTo(keys.textOf(new SimpleKey("a", "b")));
        assertThat(keys.textOf(new SimpleKey("a\",\"b"))).isNotEqualTo(keys.textOf(new SimpleKey("a", "b")));
        assertThat(keys.textOf(new SimpleKey("a\\", "b"))).isNotEqualTo(keys.textOf(new SimpleKey("a\\\",\"b")));
    }

    @Test
    void whatIsTooLongOrNoTextIsHashedAndNobodyElseCanHaveThatKey() {
        String hashed = keys.textOf("x".repeat(513));
        assertThat(hashed).startsWith("sha256:").hasSize("sha256:".length() + 64);
        assertThat(keys.textOf("x".repeat(512))).isEqualTo("x".repeat(512));
        assertThat(keys.textOf("é".repeat(257))).startsWith("sha256:");
        assertThat(keys.textOf("a\nb")).startsWith("sha256:");
        assertThat(keys.textOf("\uD800")).startsWith("sha256:").isNotEqualTo(keys.textOf("\uD801"));
        assertThat(keys.textOf(hashed)).isEqualTo("string:" + hashed);
    }

    @Test
    void refusesWhatHasNoStableText() {
        assertThatThrownBy(() -> keys.textOf(new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object")
                .hasMessageContaining("CacheKeyText");
        Object nested = 1;
        for (int i = 0; i < 20; i++) {
            nested = List.of(nested);
        }
        Object tooDeep = nested;
        assertThatThrownBy(() -> keys.textOf(tooDeep)).hasMessageContaining("nested");
    }
}
