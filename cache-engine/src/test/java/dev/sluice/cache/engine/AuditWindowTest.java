package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuditWindowTest {

    private static final long MINUTE = 60_000;

    private record Look(long minute, boolean wrong) {}

    @Test
    void remembersAnHourAndNoMore() {
        AuditWindow window = new AuditWindow();
        window.add(0, true);
        window.add(30 * MINUTE, false);
        assertThat(window.lastHour(59 * MINUTE)).isEqualTo(new Consistency(2, 1));
        assertThat(window.lastHour(60 * MINUTE)).isEqualTo(new Consistency(1, 0));
        assertThat(window.lastHour(600 * MINUTE)).isEqualTo(Consistency.UNKNOWN);
    }

    @Test
    void countsAsAListOfLooksDoes() {
        Random random = Randomness.seeded();
        AuditWindow window = new AuditWindow();
        List<Look> looks = new ArrayList<>();
        long now = -100 * MINUTE;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(20) == 0 ? random.nextInt(90) * MINUTE : random.nextInt(30_000);
            boolean wrong = random.nextInt(10) == 0;
            window.add(now, wrong);
            looks.add(new Look(Math.floorDiv(now, MINUTE), wrong));
            long newest = Math.floorDiv(now, MINUTE);
            List<Look> recent =
                    looks.stream().filter(look -> look.minute > newest - 60).toList();
            assertThat(window.lastHour(now))
                    .isEqualTo(new Consistency(
                            recent.size(), recent.stream().filter(Look::wrong).count()));
        }
    }
}
