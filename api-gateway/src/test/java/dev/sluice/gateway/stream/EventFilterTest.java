package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {

    @ParameterizedTest
    @CsvSource({
        "order.created,                order.created,      true",
        "order.created,                order.created.late, false",
        "order.created,                order,              false",
        "order.*,                      order.created,      true",
        "order.*,                      order.item.added,   true",
        "order.*,                      order,              false",
        "order.*,                      orders.created,     false",
        "*,                            order,              true",
        "'invoice.paid,order.*',       order.created,      true",
        "'invoice.paid,order.*',       invoice.paid,       true",
        "'invoice.paid,order.*',       invoice.sent,       false"
    })
    void matchesTypes(String pattern, String type, boolean expected) {
        assertThat(EventFilter.parse(pattern, null).matches(type, null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "customer-1, customer-1,  true",
        "customer-1, customer-12, false",
        "customer-*, customer-12, true",
        "customer-*, customer-,   true",
        "customer-*, client-12,   false",
        "customer-*, ,            false",
        "*,          anything,    true",
        "*,          ,            false"
    })
    void matchesSubjects(String pattern, String subject, boolean expected) {
        assertThat(EventFilter.parse(null, pattern).matches("any", subject)).isEqualTo(expected);
    }

    @Test
    void needsBothToMatch() {
        EventFilter filter = EventFilter.parse("order.*", "a");
        assertThat(filter.matches("order.created", "a")).isTrue();
        assertThat(filter.matches("order.created", "b")).isFalse();
        assertThat(filter.matches("invoice.paid", "a")).isFalse();
    }

    @Test
    void withoutParametersEverythingMatches() {
        assertThat(EventFilter.parse(null, null).matches("any", null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Order", "order.", ".order", "order*", "a,,b", ",", "a b", "order.*.x", "**", "ord\u00e9r"})
    void refusesWhatIsNoType(String types) {
        assertThatThrownBy(() -> EventFilter.parse(types, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo("type"));
    }

    @Test
    void refusesMoreTypesThanItTakes() {
        assertThatThrownBy(() -> EventFilter.parse("a,".repeat(EventFilter.MAX_TYPES) + "a", null))
                .isInstanceOf(ProblemException.class);
        assertThat(EventFilter.parse("a,".repeat(EventFilter.MAX_TYPES - 1) + "a", null)
                        .types())
                .hasSize(EventFilter.MAX_TYPES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a\u0000", "line\nbreak"})
    void refusesWhatIsNoSubject(String subject) {
        assertThatThrownBy(() -> EventFilter.parse(null, subject))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo("subject"));
    }
}
