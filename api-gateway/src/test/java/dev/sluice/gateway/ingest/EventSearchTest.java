package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.PublishFailedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.Test;

class EventSearchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void tellsWhoAskedWhenASearchDiesOfAnError() {
        try (EventSearch search = new EventSearch(
                () -> {
                    throw new OutOfMemoryError("made by the test");
                },
                Duration.ofSeconds(1))) {
            assertFails(ask(search));
            assertFails(ask(search));
        }
    }

    @Test
    void tellsWhoStillWaitsWhenItIsClosed() throws InterruptedException {
        CountDownLatch searching = new CountDownLatch(1);
        EventSearch search = new EventSearch(() -> hang(searching), Duration.ofSeconds(1));
        CompletableFuture<Optional<EventReceipt>> atWork = ask(search);
        searching.await();
        CompletableFuture<Optional<EventReceipt>> queued = ask(search);
        CompletableFuture<Optional<EventReceipt>> crowdedOut = ask(search);
        search.close();
        assertFails(atWork);
        assertFails(queued);
        assertFails(crowdedOut);
    }

    @Test
    void tellsWhoAsksAfterItIsClosed() {
        EventSearch search = new EventSearch(() -> hang(new CountDownLatch(1)), Duration.ofSeconds(1));
        search.close();
        assertFails(ask(search));
    }

    private static CompletableFuture<Optional<EventReceipt>> ask(EventSearch search) {
        return search.find("acme|order-1", "/shop", "e-1", EventReading.NOW);
    }

    private static Consumer<String, byte[]> hang(CountDownLatch searching) {
        searching.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("interrupted");
    }

    private static void assertFails(CompletableFuture<Optional<EventReceipt>> asked) {
        assertThat(asked).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(PublishFailedException.class);
    }
}
