package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.Randomness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WrongKeyThrottleTest {

    private static final InetAddress NOISY = InetAddress.ofLiteral("203.0.113.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.2");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long now = 42;
    private final WrongKeyThrottle throttle = throttle(10, 1_000);

    @Test
    void admitsAMinutesWorthAtOnceAndThenOneEverySixSeconds() {
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.wrongKeyFrom(NOISY)).isEmpty();
        }
        assertThat(throttle.wrongKeyFrom(NOISY)).contains(Duration.ofSeconds(6));
        assertThat(throttle.wrongKeyFrom(OTHER)).isEmpty();
        now += Duration.ofSeconds(6).toNanos() - 1;
        assertThat(throttle.wrongKeyFrom(NOISY)).contains(Duration.ofNanos(1));
        now += 1;
        assertThat(throttle.wrongKeyFrom(NOISY)).isEmpty();
        assertThat(throttle.wrongKeyFrom(NOISY)).contains(Duration.ofSeconds(6));
        now += Duration.ofMinutes(1).toNanos();
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.wrongKeyFrom(NOISY)).isEmpty();
        }
        assertThat(throttle.wrongKeyFrom(NOISY)).isPresent();
    }

    @Test
    void countsWhatItRefusesAndWhatItThrottles() {
        for (int i = 0; i < 13; i++) {
            throttle.wrongKeyFrom(NOISY);
        }
        assertThat(counted("refused")).isEqualTo(10);
        assertThat(counted("throttled")).isEqualTo(3);
    }

    @Test
    void neverAdmitsMoreThanTheBucketOverAnyMinute() {
        RandomGenerator random = Randomness.seeded();
        Deque<Long> admitted = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            now += random.nextLong(Duration.ofSeconds(3).toNanos());
            if (throttle.wrongKeyFrom(NOISY).isEmpty()) {
                admitted.add(now);
            }
            while (!admitted.isEmpty()
                    && now - admitted.peek() >= Duration.ofMinutes(1).toNanos()) {
                admitted.remove();
            }
            assertThat(admitted).as("a full bucket, and what drains meanwhile").hasSizeLessThanOrEqualTo(20);
        }
    }

    @Test
    void keepsNoMoreAddressesThanItMay() {
        WrongKeyThrottle small = throttle(10, 50);
        for (int i = 0; i < 10_000; i++) {
            small.wrongKeyFrom(InetAddress.ofLiteral("10.0." + i / 250 + "." + i % 250));
        }
        assertThat(small.size()).isLessThanOrEqualTo(50);
    }

    @Test
    void forgetsAnAddressThatIsQuiet() {
        throttle.wrongKeyFrom(NOISY);
        assertThat(throttle.size()).isEqualTo(1);
        now += Duration.ofMinutes(2).toNanos();
        assertThat(throttle.size()).isZero();
    }

    @Test
    void leavesEverybodyAloneWhenToldSo() {
        WrongKeyThrottle none = throttle(0, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(none.wrongKeyFrom(NOISY)).isEmpty();
        }
    }

    @Test
    void namesThePropertyThatCannotBe() {
        assertThatThrownBy(() -> new AuthProperties(-1, 1))
                .hasMessageContaining("sluice.gateway.auth.wrong-keys-per-minute");
        assertThatThrownBy(() -> new AuthProperties(1, 0)).hasMessageContaining("sluice.gateway.auth.max-addresses");
    }

    private double counted(String outcome) {
        return meters.get("sluice.auth.wrong.keys")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private WrongKeyThrottle throttle(int perMinute, int maxAddresses) {
        return new WrongKeyThrottle(new AuthProperties(perMinute, maxAddresses), () -> now, meters);
    }
}
