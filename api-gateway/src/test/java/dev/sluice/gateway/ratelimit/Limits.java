package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Limits for tests. */
final class Limits {

    private Limits() {}

    static Limit rate(long quota, long burst) {
        return of("rate", new Gcra(quota, burst), Mode.ENFORCE);
    }

    static Limit daily(long quota) {
        return of("day", new CalendarWindow(Period.DAY, quota), Mode.ENFORCE);
    }

    static Limit of(String name, Algorithm algorithm, Mode mode) {
        return new Limit(name, "*", algorithm, mode, OnRedisLoss.SHARE);
    }

    static Limit onRedisLoss(Limit limit, OnRedisLoss choice) {
        return new Limit(limit.name(), limit.group(), limit.algorithm(), limit.mode(), choice);
    }

    static long micros(String instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
    }

    static List<LimitState> unused(List<Limit> limits) {
        return limits.stream().map(limit -> LimitState.NONE).toList();
    }

    static <T> T oneOf(RandomGenerator random, T[] choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }

    /** One to four limits of every kind, small enough to be reached. */
    static List<Limit> random(RandomGenerator random) {
        List<Limit> limits = new ArrayList<>();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            Mode mode = random.nextInt(4) > 0 ? Mode.ENFORCE : oneOf(random, Mode.values());
            limits.add(of("limit-" + i, randomAlgorithm(random), mode));
        }
        return limits;
    }

    private static Algorithm randomAlgorithm(RandomGenerator random) {
        return random.nextInt(5) == 0
                ? new Gcra(random.nextInt(1, 2_000), random.nextInt(1, 30))
                : new CalendarWindow(oneOf(random, Period.values()), random.nextInt(1, 30));
    }

    /** A step of time of a random magnitude: from none to two months. */
    static long randomStep(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> 0;
            case 3, 4, 5 -> random.nextLong(1_000);
            case 6, 7 -> random.nextLong(1_000_000);
            case 8 -> random.nextLong(60_000_000);
            case 9 -> random.nextLong(3_600_000_000L);
            case 10 -> random.nextLong(86_400_000_000L);
            default -> random.nextLong(60 * 86_400_000_000L);
        };
    }
}
