package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {

    @ParameterizedTest
    @EnumSource(value = LimitWindow.class, mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void holdsEveryKnownWindow(LimitWindow window) {
        Limit limit = Limit.of(rule("a", window));
        assertThat(limit.window()).isEqualTo(window.name());
        assertThat(limit.quota()).isEqualTo(10);
        assertThat(limit.burst()).isEqualTo(window == LimitWindow.SECOND ? 30 : 10);
    }

    @Test
    void takesTheDefaultsOfTheSchemaForWhatItDoesNotKnow() {
        Limit limit =
                Limit.of(new LimitRule("a", "*", LimitWindow.DAY, 1L, 1L, LimitMode.UNKNOWN, LimitFallback.UNKNOWN));
        assertThat(limit.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(limit.onRedisLoss()).isEqualTo(OnRedisLoss.SHARE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "a\\b", "a\r\nb", "ä"})
    void refusesANameThatNoHeaderCanCarry(String name) {
        assertThatThrownBy(() -> Limit.of(rule(name, LimitWindow.DAY))).hasMessageStartingWith("name must be");
    }

    @Test
    void coversItsGroupOrEveryGroup() {
        assertThat(Limits.daily(1).covers("events")).isTrue();
        Limit events = new Limit("a", "events", new Gcra(1, 1), Mode.ENFORCE, OnRedisLoss.SHARE);
        assertThat(events.covers("events")).isTrue();
        assertThat(events.covers("cache")).isFalse();
    }

    @Test
    void isSharedInWholeUnitsAndNeverIntoNothing() {
        assertThat(Limits.rate(10, 20).sharedBy(3).algorithm()).isEqualTo(new Gcra(3, 6));
        assertThat(Limits.daily(2).sharedBy(3).quota()).isEqualTo(1);
    }

    private static LimitRule rule(String name, LimitWindow window) {
        return new LimitRule(name, "*", window, 10L, 30L, LimitMode.ENFORCE, LimitFallback.SHARE);
    }
}
