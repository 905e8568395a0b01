package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CacheKeyTest {

    @Test
    void aKeyMayHoldAnyWellFormedText() {
        CacheKey key = new CacheKey("acme", "prices", "a:b{c}/ \u0000 é 😀");

        assertThat(key.key()).isEqualTo("a:b{c}/ \u0000 é 😀");
    }

    @Test
    void refusesAColonWhereItWouldLookLikeAnotherName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey("a:b", "n", "k"))
                .withMessage("tenant must not contain a colon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey("t", "a:b", "k"))
                .withMessage("namespace must not contain a colon");
    }

    @Test
    void refusesWhatIsEmptyOrTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey("", "n", "k"))
                .withMessageStartingWith("tenant must have");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey("t", "n".repeat(129), "k"))
                .withMessageStartingWith("namespace must have");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey("t", "n", "k".repeat(1025)))
                .withMessageStartingWith("key must have");
    }

    @Test
    void refusesLoneSurrogatesWhichWouldAllBecomeTheSameKey() {
        for (String text : new String[] {"\ud800", "a\udc00", "\ud800b", "\udc00\ud800"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CacheKey("t", "n", text))
                    .withMessage("key holds a lone surrogate");
        }
    }
}
