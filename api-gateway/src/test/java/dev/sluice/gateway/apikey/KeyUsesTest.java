package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyUsesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long MINUTE = KeyUses.minuteOf(NOON);

    private final FakeKeyUseStore store = new FakeKeyUseStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeyUses uses = new KeyUses(store, meters);

    @Test
    void knowsAUseToTheMinute() {
        uses.used("a", KeyUses.minuteOf(NOON.plusSeconds(59)));
        assertThat(uses.find(List.of("a", "b")).block()).isEqualTo(Map.of("a", NOON));
    }

    @Test
    void writesEachUseOnce() {
        uses.used("a", MINUTE);
        uses.used("b", MINUTE);
        assertThat(store.calls()).as("nothing is written in a request").isZero();
        uses.flush().block();
        uses.flush().block();
        assertThat(store.calls()).isEqualTo(1);
        assertThat(new KeyUses(store, meters).find(List.of("a", "b")).block())
                .as("seen by another gateway")
                .isEqualTo(Map.of("a", NOON, "b", NOON));
    }

    @Test
    void writesManyInParts() {
        for (int i = 0; i < 2_500; i++) {
            uses.used("key" + i, MINUTE);
        }
        uses.flush().block();
        assertThat(store.calls()).isEqualTo(3);
        assertThat(store.read(List.of("key0", "key2499")).block()).hasSize(2);
    }

    @Test
    void losesNothingWhileTheStoreIsAway() {
        store.goAway();
        uses.used("a", MINUTE);
        uses.flush().block();
        uses.used("a", MINUTE + 1);
        assertThat(uses.find(List.of("a")).block()).isEqualTo(Map.of("a", NOON.plus(Duration.ofMinutes(1))));
        assertThat(meters.get("sluice.apikeys.uses.failures").counter().count()).isEqualTo(1);
        store.comeBack();
        uses.flush().block();
        assertThat(store.read(List.of("a")).block()).isEqualTo(Map.of("a", MINUTE + 1));
    }

    @Test
    void writesOnceMoreAtShutdown() {
        KeyUseFlush flush = new KeyUseFlush(uses, Duration.ofHours(1));
        flush.start();
        uses.used("a", MINUTE);
        flush.stop();
        assertThat(flush.isRunning()).isFalse();
        assertThat(store.read(List.of("a")).block()).isEqualTo(Map.of("a", MINUTE));
    }

    @Test
    void writesAtShutdownThoughTheFirstConnectionTakesItsTime() {
        KeyUseFlush flush = new KeyUseFlush(uses, Duration.ofHours(1));
        flush.start();
        uses.used("a", MINUTE);
        store.takeSoLong(Duration.ofMillis(700));
        flush.stop();
        assertThat(store.read(List.of("a")).block()).isEqualTo(Map.of("a", MINUTE));
    }

    @Test
    void forgetsAKey() {
        uses.used("a", MINUTE);
        uses.flush().block();
        uses.forget("a").block();
        assertThat(uses.find(List.of("a")).block()).isEmpty();
    }
}
