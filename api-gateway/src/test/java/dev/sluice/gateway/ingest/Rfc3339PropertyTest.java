package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Rfc3339PropertyTest {

    private static final int CASES = 5_000;
    private static final String ALPHABET = "0123456789-+:.TZtz ";

    private final Random random = Randomness.seeded();

    @Test
    void readsEveryTimeInEveryZoneAsItWasWritten() {
        for (int i = 0; i < CASES; i++) {
            Instant instant = randomInstant();
            assertThat(Rfc3339.parse(write(instant)))
                    .as(write(instant))
                    .contains(instant.truncatedTo(ChronoUnit.MICROS));
        }
    }

    @Test
    void neverThrowsAndAcceptsNothingThatMeansAnotherTime() {
        for (int i = 0; i < CASES; i++) {
            String text = damage(write(randomInstant()));
            Rfc3339.parse(text)
                    .ifPresent(read -> assertThat(OffsetDateTime.parse(text.toUpperCase(Locale.ROOT))
                                    .toInstant()
                                    .truncatedTo(ChronoUnit.MICROS))
                            .as(text)
                            .isEqualTo(read));
        }
    }

    /** Years 1000 to 4000. */
    private Instant randomInstant() {
        return Instant.ofEpochSecond(random.nextLong(-30_000_000_000L, 64_000_000_000L), random.nextInt(1_000_000_000));
    }

    private String write(Instant instant) {
        ZoneOffset zone = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
        OffsetDateTime time = instant.atOffset(zone);
        return "%04d-%02d-%02dT%02d:%02d:%02d.%09d%s"
                .formatted(
                        time.getYear(),
                        time.getMonthValue(),
                        time.getDayOfMonth(),
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond(),
                        time.getNano(),
                        zone);
    }

    private String damage(String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                default -> damaged.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return damaged.toString();
    }
}
