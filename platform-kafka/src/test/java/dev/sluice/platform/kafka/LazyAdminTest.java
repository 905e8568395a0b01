package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class LazyAdminTest {
    private static final Map<String, Object> NOBODY_THERE = Map.of("bootstrap.servers", "127.0.0.1:1");

    @Test
    void makesOneWhenItIsFirstAskedForAndTheSameFromThenOn() {
        Queue<Admin> made = new ArrayDeque<>();
        try (LazyAdmin lazy = new LazyAdmin(() -> {
            made.add(Admin.create(NOBODY_THERE));
            return made.element();
        })) {
            assertThat(made).isEmpty();

            assertThat(lazy.get()).isSameAs(lazy.get());
            assertThat(made).hasSize(1);
        }
    }

    @Test
    void triesAgainAfterAFailure() {
        Queue<Runnable> before = new ArrayDeque<>();
        before.add(() -> {
            throw new KafkaException("no such name");
        });
        before.add(() -> {});
        try (LazyAdmin lazy = new LazyAdmin(() -> {
            before.remove().run();
            return Admin.create(NOBODY_THERE);
        })) {
            assertThatThrownBy(lazy::get).hasMessage("no such name");

            assertThat(lazy.get()).isNotNull();
        }
    }

    @Test
    void refusesOnceItIsClosed() {
        LazyAdmin unused = new LazyAdmin(() -> Admin.create(NOBODY_THERE));
        LazyAdmin used = new LazyAdmin(() -> Admin.create(NOBODY_THERE));
        used.get();

        unused.close();
        used.close();

        assertThatThrownBy(unused::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(used::get).isInstanceOf(IllegalStateException.class);
    }
}
