package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares freshness with the formulas of RFC 9111, section 4.2, taken one by one from what was put into the headers. */
class FreshnessPropertyTest {

    private static final long NOW = 1_760_000_000_000L;
    private static final int[] STATUSES = {200, 201, 203, 204, 301, 302, 404, 410, 500, 503, 599};

    private final Random random = Randomness.seeded();

    /** An answer as its origin means it; null for what it does not say. In seconds. */
    private record Meant(
            int status,
            @Nullable Integer maxAge,
            @Nullable Integer sharedMaxAge,
            @Nullable Integer expiresIn,
            @Nullable Integer dateAgo,
            @Nullable Integer changedAgo,
            @Nullable Integer age,
            @Nullable Integer whileRevalidating,
            boolean revalidates,
            int delay) {}

    @Test
    void agreesWithTheFormulas() {
        for (int i = 0; i < 20_000; i++) {
            Meant meant = draw();
            CachePolicy policy = new CachePolicy(
                    Share.ALL,
                    SetCookie.PASS,
                    Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(1_000) : 0),
                    Duration.ofSeconds(1 + random.nextInt(100_000)),
                    Duration.ofSeconds(random.nextInt(100)),
                    Duration.ofSeconds(random.nextInt(100)),
                    1000);
            Freshness freshness = Freshness.of(meant.status(), write(meant), NOW - meant.delay() * 1000L, NOW, policy);
            assertThat(freshness.lifetime()).as("%s %s", meant, policy).isEqualTo(lifetime(meant, policy));
            assertThat(freshness.initialAge()).as("%s", meant).isEqualTo(age(meant));
            assertThat(freshness.neverStale()).isEqualTo(meant.revalidates() || meant.sharedMaxAge() != null);
            long span = meant.whileRevalidating() == null
                    ? policy.staleWhileRevalidate().toMillis()
                    : meant.whileRevalidating() * 1000L;
            assertThat(freshness.whileRevalidating()).isEqualTo(freshness.neverStale() ? 0 : span);
        }
    }

    private Meant draw() {
        return new Meant(
                STATUSES[random.nextInt(STATUSES.length)],
                maybe(100_000),
                maybe(100_000),
                maybe(100_000),
                maybe(1_000),
                maybe(1_000_000),
                maybe(5_000),
                maybe(100),
                random.nextInt(4) == 0,
                random.nextInt(10));
    }

    private @Nullable Integer maybe(int bound) {
        return random.nextBoolean() ? random.nextInt(bound) : null;
    }

    private Fields write(Meant meant) {
        StringBuilder control = new StringBuilder("x-own=\"max-age=1, s-maxage=2\"");
        append(control, "max-age", meant.maxAge());
        append(control, "S-MaxAge", meant.sharedMaxAge());
        append(control, "stale-while-revalidate", meant.whileRevalidating());
        if (meant.revalidates()) {
            control.append(random.nextBoolean() ? ",must-revalidate" : ", Proxy-Revalidate ");
        }
        Fields fields = Fields.NONE.with(random.nextBoolean() ? "Cache-Control" : "cache-control", control.toString());
        long date = NOW - (meant.dateAgo() == null ? 0 : meant.dateAgo() * 1000L);
        if (meant.dateAgo() != null) {
            fields = fields.with("Date", HttpDates.write(date));
        }
        if (meant.expiresIn() != null) {
            fields = fields.with("Expires", HttpDates.write(date + meant.expiresIn() * 1000L));
        }
        if (meant.changedAgo() != null) {
            fields = fields.with("Last-Modified", HttpDates.write(date - meant.changedAgo() * 1000L));
        }
        return meant.age() == null ? fields : fields.with("Age", Integer.toString(meant.age()));
    }

    private void append(StringBuilder control, String name, @Nullable Integer seconds) {
        if (seconds != null) {
            boolean quoted = random.nextBoolean();
            control.append(", ").append(name).append('=').append(quoted ? "\"" + seconds + "\"" : seconds);
        }
    }

    private static long lifetime(Meant meant, CachePolicy policy) {
        long seconds;
        long max = policy.maxTtl().toMillis();
        if (meant.sharedMaxAge() != null) {
            seconds = meant.sharedMaxAge();
        } else if (meant.maxAge() != null) {
            seconds = meant.maxAge();
        } else if (meant.expiresIn() != null) {
            seconds = meant.expiresIn();
        } else if (!Freshness.HEURISTIC.contains(meant.status())) {
            seconds = 0;
        } else if (policy.defaultTtl().isPositive()) {
            seconds = policy.defaultTtl().toSeconds();
        } else {
            return Math.min(max, meant.changedAgo() == null ? 0 : meant.changedAgo() * 100L);
        }
        return Math.min(max, seconds * 1000);
    }

    private static long age(Meant meant) {
        long apparent = meant.dateAgo() == null ? 0 : meant.dateAgo() * 1000L;
        long said = meant.age() == null ? 0 : meant.age() * 1000L;
        return Math.max(apparent, said + meant.delay() * 1000L);
    }
}
