package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UpkeepTest {

    private final Upkeep upkeep = new Upkeep();

    @Test
    void whatFollowsFromAChangeIsDoneBeforeItIsAnswered() {
        CompletableFuture<Thread> done = new CompletableFuture<>();

        upkeep.atOnce(() -> upkeep.execute(() -> done.complete(Thread.currentThread())));

        assertThat(done).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void whatFollowsFromReadsIsDoneBesideThem() throws Exception {
        upkeep.atOnce(() -> {});
        CompletableFuture<Thread> done = new CompletableFuture<>();

        upkeep.execute(() -> done.complete(Thread.currentThread()));

        assertThat(done.get(1, TimeUnit.MINUTES)).isNotEqualTo(Thread.currentThread());
    }
}
