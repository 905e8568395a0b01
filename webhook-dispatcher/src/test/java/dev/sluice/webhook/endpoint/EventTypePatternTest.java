package dev.sluice.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pattern is and what it takes. */
class EventTypePatternTest {

    @ParameterizedTest
    @CsvSource({
        "*, order, true",
        "*, order.created, true",
        "order, order, true",
        "order, order.created, false",
        "order, orders, false",
        "order.created, order.created, true",
        "order.created, order.created.v2, false",
        "order.*, order.created, true",
        "order.*, order.item.added, true",
        "order.*, order, false",
        "order.*, order., false",
        "order.*, orders.created, false",
        "order.item.*, order.created, false",
        "order.item.*, order.item.added, true",
    })
    void takesOneTypeAPrefixOrAll(String pattern, String type, boolean expected) {
        assertThat(new EventTypePattern(pattern).matches(type)).isEqualTo(expected);
        assertThat(EventTypePattern.candidatesFor(type).contains(pattern)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                ".*",
                "*.*",
                "**",
                "order.",
                ".order",
                "order..created",
                "order*",
                "order.*.created",
                "*.created",
                "Order",
                "order created",
                "order-created",
                "order/created",
                "bestellung.g\u00fcltig",
                "order.created\n",
                "order\u0000"
            })
    void refusesWhatIsNoPattern(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventTypePattern(text))
                .withMessageContaining("event type must");
    }

    @Test
    void refusesPatternsThatAreTooLong() {
        assertThat(new EventTypePattern("a".repeat(64)).text()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> new EventTypePattern("a".repeat(65)));
    }
}
