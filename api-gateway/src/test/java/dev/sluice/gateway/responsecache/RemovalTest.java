package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways without Redis, which hear of each other what is removed. */
class RemovalTest {

    private final FakeClock clock = FakeClock.fixed();
    private final GatewayMemory one = new GatewayMemory(clock, null);
    private final GatewayMemory other = new GatewayMemory(clock, null);

    @BeforeEach
    void keepOnBoth() {
        one.keep(clock.millis(), one.find(), GatewayMemory.GROUPED);
        other.keep(clock.millis(), other.find(), GatewayMemory.GROUPED);
        var _ = clock.advance(Duration.ofMillis(1));
    }

    @Test
    void bothForgetWhatOneHasRemoved() {
        assertThat(one.has()).isTrue();
        assertThat(other.has()).isTrue();
        one.library.remove(GatewayMemory.KEY);
        assertThat(one.has()).isFalse();
        other.hears(one);
        assertThat(other.has()).isFalse();
    }

    @Test
    void bothForgetTheGroupThatOneHasRemoved() {
        one.library.removeGroup(GatewayMemory.KEY, "others");
        other.hears(one);
        assertThat(one.has()).isTrue();
        assertThat(other.has()).isTrue();
        one.library.removeGroup(GatewayMemory.KEY, "wares");
        assertThat(one.has()).isFalse();
        other.hears(one);
        assertThat(other.has()).isFalse();
        var _ = clock.advance(Duration.ofMinutes(30));
        assertThat(one.has()).isFalse();
        assertThat(other.has()).isFalse();
    }

    @Test
    void noneKeepsWhatWasAskedForBeforeTheRemoval() {
        long before = clock.millis();
        var _ = clock.advance(Duration.ofMillis(1));
        one.library.remove(GatewayMemory.KEY);
        other.hears(one);
        var _ = clock.advance(Duration.ofMillis(1));
        one.keep(before);
        other.keep(before);
        assertThat(one.has()).isFalse();
        assertThat(other.has()).isFalse();
        one.keep(clock.millis());
        assertThat(one.has()).isTrue();
    }

    @Test
    void noneKeepsAVariantThatWasAskedForBeforeTheRemoval() {
        one.library.remove(GatewayMemory.KEY);
        var _ = clock.advance(Duration.ofMillis(1));
        one.keep(clock.millis(), one.find(), GatewayMemory.VARYING);
        Library.Found found = one.find();
        long before = clock.millis();
        var _ = clock.advance(Duration.ofMillis(1));
        one.library.remove(GatewayMemory.KEY);
        var _ = clock.advance(Duration.ofMillis(1));
        long after = clock.millis();
        one.keep(after, one.find(), GatewayMemory.VARYING);
        one.keep(before, found, GatewayMemory.VARYING);
        assertThat(one.askedMillis()).isEqualTo(after);
    }

    /** By then nobody remembers a removal. */
    @Test
    void noneKeepsWhatTookAsLongAsARemovalIsRemembered() {
        one.library.remove(GatewayMemory.KEY);
        var _ = clock.advance(Duration.ofMillis(1));
        long before = clock.millis();
        var _ = clock.advance(ResponseStore.REMEMBERED);
        one.keep(before);
        assertThat(one.has()).isFalse();
        one.keep(before + 1);
        assertThat(one.has()).isTrue();
    }

    @Test
    void whatWasHeardIsNotToldAgain() {
        one.library.remove(GatewayMemory.KEY);
        other.hears(one);
        assertThat(other.announced).isEmpty();
    }
}
