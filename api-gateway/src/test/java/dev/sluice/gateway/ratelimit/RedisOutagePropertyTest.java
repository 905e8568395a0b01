package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Several gateways around one Redis that is paused, killed, started again and emptied, on a virtual clock: what they admit
 * together, and how long their requests wait.
 */
class RedisOutagePropertyTest {

    enum Trouble {
        PAUSED,
        KILLED,
        EMPTIED
    }

    /** Three halves of the patience, and what an answer takes. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(9);

    private final Random random = Randomness.seeded();

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    @ParameterizedTest
    @EnumSource
    void admitsToARateAtMostABurstMoreForEachGateway(Trouble trouble) {
        for (int run = 0; run < 12; run++) {
            int count = random.nextInt(1, 5);
            long quota = random.nextInt(20, 400);
            long burst = random.nextInt(10, 200);
            try (World world = new World(count, List.of(Limits.rate(quota, burst)))) {
                world.offer(Duration.ofSeconds(5), 1 + (int) quota / 2);
                world.strike(trouble, Duration.ofSeconds(1), Duration.ofMillis(random.nextInt(50, 2_500)));
                world.pass(Duration.ofSeconds(6));
                world.admissions.assertWithin(quota, burst + count * burst);
                world.assertNobodyWaitedLong();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void admitsToAQuotaHardlyMoreWhereEveryGatewayKnowsTheTenant(Trouble trouble) {
        for (int run = 0; run < 12; run++) {
            int count = random.nextInt(1, 5);
            // Decided by one call each, and out of leases.
            long quota = random.nextBoolean() ? random.nextInt(200, 900) : random.nextInt(1_000, 4_000);
            try (World world = new World(count, List.of(daily(quota)))) {
                world.offer(Duration.ofSeconds(8), (int) (quota / 4));
                world.strike(
                        trouble,
                        Duration.ofSeconds(random.nextInt(1, 4)),
                        Duration.ofMillis(random.nextInt(50, 2_500)));
                world.pass(Duration.ofSeconds(9));
                // What all offer in a tenth of a second; for so long a gateway may not have heard of the others.
                long burst = quota / 40 + 1;
                assertThat((long) world.admissions.count())
                        .as("%s with %d gateways at %d", trouble, count, quota)
                        .isLessThanOrEqualTo(count == 1 ? quota : quota + count * burst);
                world.assertNobodyWaitedLong();
            }
        }
    }

    @Test
    void admitsNotOneMoreThoughRedisIsEmptiedAndThoseAreAskedThatKnowNothing() {
        for (int run = 0; run < 20; run++) {
            int count = random.nextInt(2, 5);
            long quota = random.nextBoolean() ? random.nextInt(200, 900) : random.nextInt(1_000, 4_000);
            try (World world = new World(count, List.of(daily(quota)))) {
                int used = random.nextInt((int) quota / 2, (int) quota);
                world.offer(world.gateways.subList(0, 1), Duration.ofSeconds(2), used / 2);
                world.strike(Trouble.EMPTIED, Duration.ofMillis(2_100), Duration.ofMillis(random.nextInt(50, 2_500)));
                world.pass(Duration.ofSeconds(6));
                world.offer(world.gateways, Duration.ofSeconds(2), (int) quota);
                world.pass(Duration.ofSeconds(3));
                assertThat((long) world.admissions.count())
                        .as("%d gateways at %d", count, quota)
                        .isBetween(quota * 9 / 10, quota);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void admitsAtMostItsPartMoreForEachGatewayThatNeverHeardOfTheTenant(Trouble trouble) {
        for (int run = 0; run < 20; run++) {
            int count = random.nextInt(2, 5);
            long quota = random.nextBoolean() ? random.nextInt(200, 900) : random.nextInt(1_000, 4_000);
            try (World world = new World(count, List.of(daily(quota)))) {
                world.offer(world.gateways.subList(0, 1), Duration.ofSeconds(1), (int) quota);
                world.strike(trouble, Duration.ofMillis(1_500), Duration.ofSeconds(random.nextInt(1, 3)));
                world.pass(Duration.ofMillis(1_600));
                world.offer(world.gateways, Duration.ofSeconds(5), (int) quota);
                world.pass(Duration.ofSeconds(6));
                assertThat((long) world.admissions.count())
                        .as("%s with %d gateways at %d", trouble, count, quota)
                        .isLessThanOrEqualTo(quota + (count - 1) * (quota / count));
                world.assertNobodyWaitedLong();
            }
        }
    }

    /** As a Redis that syncs its file each second does. */
    @Test
    void bringsBackWhatRedisLostOfItsLastSecondAndNoMore() {
        for (int run = 0; run < 20; run++) {
            int count = random.nextInt(1, 5);
            long quota = random.nextBoolean() ? random.nextInt(200, 900) : random.nextInt(1_000, 4_000);
            try (World world = new World(count, List.of(daily(quota)))) {
                world.offer(Duration.ofSeconds(2), (int) quota / 3);
                world.at(Duration.ofMillis(random.nextInt(1_000, 1_990)), world.redis::save);
                world.at(Duration.ofMillis(2_005), world.redis::kill);
                world.at(Duration.ofMillis(2_200), world.redis::startAsSaved);
                world.pass(Duration.ofSeconds(3));
                assertThat(world.used())
                        .isBetween((long) world.admissions.count(), world.admissions.count() + quota / 50);
            }
        }
    }

    @Test
    void goesOnWithSharesUntilTheLastGatewayHasToldWhatItKnows() {
        long quota = 1_000;
        try (World world = new World(2, List.of(daily(quota)))) {
            TestGateway late = world.gateways.getFirst();
            TestGateway early = world.gateways.getLast();
            world.offer(List.of(late), Duration.ofSeconds(1), 800);
            world.pass(Duration.ofSeconds(2));
            world.redis.kill();
            world.redis.cutOff(late);
            world.redis.startEmpty();
            world.offer(List.of(early), Duration.ofSeconds(2), 1_000);
            world.pass(Duration.ofSeconds(2));
            assertThat(early.shared().isAway()).isTrue();
            assertThat(world.admissions.count()).isEqualTo(800 + 500);
            world.redis.connect(late);
            world.pass(Duration.ofMillis(300));
            assertThat(early.shared().isAway()).isFalse();
            assertThat(late.shared().isAway()).isFalse();
            world.offer(Duration.ofSeconds(1), 1_000);
            world.pass(Duration.ofSeconds(2));
            // What one admitted during the grace it tells when it next asks; by then the other may have been given what
            // was left.
            assertThat(world.admissions.count()).isBetween(800 + 500, 800 + 500 + 200);
        }
    }

    @Test
    void waitsForAGatewayThatTellsNothingNoLongerThanTheGrace() {
        try (World world = new World(2, List.of(daily(1_000)))) {
            TestGateway early = world.gateways.getLast();
            world.redis.kill();
            world.redis.cutOff(world.gateways.getFirst());
            world.redis.startEmpty();
            world.pass(TestGateway.GRACE.minusMillis(200));
            assertThat(early.shared().isAway()).isTrue();
            world.pass(Duration.ofMillis(400));
            assertThat(early.shared().isAway()).isFalse();
        }
    }

    private static Limit daily(long quota) {
        return Limits.of("day", new CalendarWindow(Period.DAY, quota), Mode.ENFORCE);
    }

    private final class World implements AutoCloseable {

        private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        private final SimulatedRedis redis = new SimulatedRedis(time, random::nextLong);
        private final List<TestGateway> gateways = new ArrayList<>();
        private final Admissions admissions = new Admissions();
        private final List<Limit> limits;
        private Duration longestWait = Duration.ZERO;
        private int decided;
        private int offered;

        World(int count, List<Limit> limits) {
            this.limits = limits;
            for (int i = 0; i < count; i++) {
                gateways.add(redis.gateway(() -> count, Duration.ofMillis(random.nextInt(-2_000, 2_000))));
            }
            pass(Duration.ofMillis(200));
        }

        void offer(Duration length, int perSecond) {
            offer(gateways, length, perSecond);
        }

        void offer(List<TestGateway> some, Duration length, int perSecond) {
            int count = (int) (perSecond * length.toSeconds());
            offered += count;
            for (int i = 0; i < count; i++) {
                TestGateway gateway = some.get(random.nextInt(some.size()));
                at(Duration.ofNanos(random.nextLong(length.toNanos())), () -> ask(gateway));
            }
        }

        private void ask(TestGateway gateway) {
            Instant asked = redis.now();
            gateway.limiter().decide("acme", limits, 1).subscribe(decision -> {
                decided++;
                Duration wait = Duration.between(asked, redis.now());
                longestWait = wait.compareTo(longestWait) > 0 ? wait : longestWait;
                if (decision.verdict().admits()) {
                    long now = ChronoUnit.MICROS.between(Instant.EPOCH, redis.now());
                    admissions.add(now, now);
                }
            });
        }

        void strike(Trouble trouble, Duration when, Duration length) {
            at(when, () -> {
                if (trouble == Trouble.PAUSED) {
                    redis.pause();
                } else {
                    redis.kill();
                }
            });
            at(when.plus(length), () -> {
                switch (trouble) {
                    case PAUSED -> redis.resume();
                    case KILLED -> redis.start();
                    case EMPTIED -> redis.startEmpty();
                }
            });
        }

        private void at(Duration delay, Runnable action) {
            time.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        void pass(Duration length) {
            time.advanceTimeBy(length);
        }

        /** What Redis says to be used of the first limit. */
        long used() {
            List<Long> seen = new ArrayList<>();
            gateways.getFirst()
                    .limiter()
                    .peek("acme", limits)
                    .subscribe(decision -> seen.add(decision.uses().getFirst().used()));
            pass(Duration.ofMillis(50));
            return seen.getFirst();
        }

        void assertNobodyWaitedLong() {
            assertThat(decided).isEqualTo(offered);
            assertThat(longestWait).isLessThanOrEqualTo(LONGEST_WAIT);
        }

        @Override
        public void close() {
            gateways.forEach(gateway -> gateway.watch().close());
            VirtualTimeScheduler.reset();
        }
    }
}
