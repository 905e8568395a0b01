package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 9111, section 4.1. */
class VaryRuleTest {

    private static String values(String name, String... lines) {
        Map<String, List<String>> headers = Map.of(name, List.of(lines));
        return VaryRule.valuesOf(List.of(name), asked -> headers.getOrDefault(asked, List.of()));
    }

    @Test
    void comparesListsWithoutTheirLinesAndSpaces() {
        assertThat(values("foo", "1, 2")).isEqualTo(values("foo", "1", "2")).isEqualTo(values("foo", " 1,2 "));
        assertThat(values("foo", "1, 2")).isNotEqualTo(values("foo", "2, 1"));
        assertThat(values("foo", "\"1, 2\"")).isNotEqualTo(values("foo", "\"1,2\""));
        assertThat(values("user-agent", "a, b")).isNotEqualTo(values("user-agent", "a,b"));
    }

    @Test
    void comparesPreferencesByWeightAndName() {
        assertThat(values("accept-language", "en, de"))
                .isEqualTo(values("accept-language", "De ,EN"))
                .isEqualTo(values("accept-language", "de;q=1.0, en"));
        assertThat(values("accept-language", "en, de;q=0.5")).isNotEqualTo(values("accept-language", "en, de"));
    }

    @Test
    void tellsAnAbsentHeaderFromAnEmptyOne() {
        assertThat(values("foo")).isNotEqualTo(values("foo", ""));
    }

    @Test
    void doesNotLetOneValueRunIntoTheNext() {
        Map<String, List<String>> one = Map.of("a", List.of("1\nb=1:2"));
        Map<String, List<String>> other = Map.of("a", List.of("1"), "b", List.of("2"));
        List<String> names = List.of("a", "b");
        assertThat(VaryRule.valuesOf(names, name -> one.getOrDefault(name, List.of())))
                .isNotEqualTo(VaryRule.valuesOf(names, name -> other.getOrDefault(name, List.of())));
    }

    @Test
    void putsNamesIntoOneOrder() {
        assertThat(VaryRule.namesOf(Fields.NONE.with("Vary", "Foo, bar").with("vary", "foo")))
                .containsExactly("bar", "foo");
    }
}
