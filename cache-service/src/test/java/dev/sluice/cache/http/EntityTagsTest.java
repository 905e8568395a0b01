package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {

    @Test
    void tagOfAVersionMatchesIt() {
        EntityTags tags = EntityTags.parse(EntityTags.of(42)).orElseThrow();
        assertThat(tags.matchStrongly(42)).isTrue();
        assertThat(tags.matchWeakly(42)).isTrue();
        assertThat(tags.matchStrongly(43)).isFalse();
        assertThat(tags.matchWeakly(4)).isFalse();
    }

    @Test
    void weakTagMatchesOnlyWeakly() {
        EntityTags tags = EntityTags.parse("W/\"42\"").orElseThrow();
        assertThat(tags.matchWeakly(42)).isTrue();
        assertThat(tags.matchStrongly(42)).isFalse();
    }

    @Test
    void listMatchesWhatAnyOfItsTagsMatches() {
        EntityTags tags = EntityTags.parse("\"1\" ,W/\"2\",\t\"other\"").orElseThrow();
        assertThat(tags.matchWeakly(2)).isTrue();
        assertThat(tags.matchStrongly(2)).isFalse();
        assertThat(tags.matchStrongly(1)).isTrue();
        assertThat(tags.matchWeakly(3)).isFalse();
    }

    @Test
    void starMatchesEveryVersion() {
        EntityTags tags = EntityTags.parse(" * ").orElseThrow();
        assertThat(tags.matchStrongly(1)).isTrue();
        assertThat(tags.matchWeakly(Long.MAX_VALUE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42",
                "\"42",
                "42\"",
                "\"4\"2\"",
                "w/\"42\"",
                "W/42",
                "*,\"1\"",
                "\"1\",*",
                "\"1\",",
                ",\"1\"",
                "\"1\"\"2\"",
                "\"a b\"",
                "\"\u0001\"",
                "'1'"
            })
    void refusesWhatIsNotWellFormed(String value) {
        assertThat(EntityTags.parse(value)).isEmpty();
    }

    @Test
    void refusesListsWithoutEnd() {
        assertThat(EntityTags.parse("\"1\",".repeat(99) + "\"1\"")).isPresent();
        assertThat(EntityTags.parse("\"1\",".repeat(100) + "\"1\"")).isEmpty();
    }
}
