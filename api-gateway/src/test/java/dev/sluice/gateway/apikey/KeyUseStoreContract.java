package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every place for the last uses of keys does. */
interface KeyUseStoreContract {

    KeyUseStore store();

    @Test
    default void keepsTheNewestOfEachKey() {
        String first = id();
        String second = id();
        store().write(Map.of(first, 10L, second, 20L)).block();
        store().write(Map.of(first, 9L, second, 21L)).block();
        assertThat(store().read(List.of(first, id(), second)).block()).isEqualTo(Map.of(first, 10L, second, 21L));
    }

    @Test
    default void forgetsOneKey() {
        String first = id();
        String second = id();
        store().write(Map.of(first, 10L, second, 20L)).block();
        store().remove(first).block();
        assertThat(store().read(List.of(first, second)).block()).isEqualTo(Map.of(second, 20L));
    }

    @Test
    default void isAskedForNothing() {
        assertThat(store().read(List.of()).block()).isEmpty();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
