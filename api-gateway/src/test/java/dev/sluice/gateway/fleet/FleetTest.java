package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong(1);
    private final FakeSender sender = new FakeSender();
    private final Fleet fleet =
            new Fleet(new Members("self", Duration.ofSeconds(2), Duration.ofSeconds(15)), sender, LONG, nanos::get);

    @AfterEach
    void close() {
        sender.confirmAll();
        fleet.close();
    }

    @Test
    void saysNothingBeforeItServes() {
        fleet.applied("keys", 1);
        assertThat(sender.sent).isEmpty();
        fleet.join();
        await().untilAsserted(() -> assertThat(sender.sent).containsExactly(Map.of("keys", 1L)));
    }

    @Test
    void saysOneThingAtATimeAndTheNewestNext() {
        fleet.join();
        await().untilAsserted(() -> assertThat(sender.sent).hasSize(1));
        fleet.applied("keys", 1);
        fleet.applied("keys", 3);
        fleet.applied("keys", 2);
        assertThat(sender.sent).as("the first is still on its way").hasSize(1);
        sender.confirmNext();
        assertThat(sender.sent).containsExactly(Map.of(), Map.of("keys", 3L));
        sender.confirmNext();
        assertThat(sender.sent).as("nothing new").hasSize(2);
    }

    @Test
    void goesOnAfterAMessageThatWasLost() {
        fleet.join();
        await().untilAsserted(() -> assertThat(sender.sent).hasSize(1));
        sender.loseNext();
        fleet.applied("keys", 1);
        assertThat(sender.sent).containsExactly(Map.of(), Map.of("keys", 1L));
    }

    @Test
    void answersWhenTheLastGatewayHasApplied() {
        settle();
        fleet.heard("other", Map.of("keys", 4L));
        CompletableFuture<Progress> answer = fleet.awaitApplied("keys", 5, LONG);
        fleet.heard("self", Map.of("keys", 5L));
        assertThat(answer).isNotDone();
        fleet.heard("other", Map.of("keys", 5L));
        assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new Progress(true, 2, 2, List.of()));
    }

    @Test
    void answersWhenTheLastOneMissingLeaves() {
        settle();
        fleet.heard("other", Map.of());
        CompletableFuture<Progress> answer = fleet.awaitApplied("keys", 0, LONG);
        fleet.left("other");
        assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).matches(Progress::complete);
    }

    @Test
    void saysWhoIsMissingWhenTheTimeIsOver() {
        settle();
        fleet.heard("other", Map.of());
        assertThat(fleet.awaitApplied("keys", 0, Duration.ofMillis(20)))
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo(new Progress(false, 2, 1, List.of("other")));
    }

    @Test
    void saysFarewellOnceItServed() {
        fleet.join();
        fleet.close();
        assertThat(sender.farewells).hasValue(1);
        assertThat(fleet.awaitApplied("keys", 0, LONG))
                .succeedsWithin(Duration.ofSeconds(10))
                .matches(progress -> !progress.complete());
    }

    private void settle() {
        fleet.heard("self", Map.of("keys", 0L));
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        fleet.heard("self", Map.of("keys", 0L));
    }

    /** Confirms when told so. */
    private static final class FakeSender implements HeartbeatSender {
        private final Queue<Map<String, Long>> sent = new ConcurrentLinkedQueue<>();
        private final Queue<CompletableFuture<Void>> pending = new ConcurrentLinkedQueue<>();
        private final AtomicLong farewells = new AtomicLong();

        @Override
        public CompletableFuture<?> beat(Map<String, Long> applied) {
            CompletableFuture<Void> confirmed = new CompletableFuture<>();
            pending.add(confirmed);
            sent.add(applied);
            return confirmed;
        }

        @Override
        public CompletableFuture<?> leave() {
            farewells.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        }

        void confirmNext() {
            pending.remove().complete(null);
        }

        void loseNext() {
            pending.remove().completeExceptionally(new IllegalStateException("lost"));
        }

        void confirmAll() {
            pending.forEach(each -> each.complete(null));
        }
    }
}
