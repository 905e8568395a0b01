package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.web.ByteBudget;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers that run out of memory: whoever asked hears of it, and a stream is read for again. */
class EventLogReadersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StreamBounds bounds = new StreamBounds(10, 1_000, new ByteBudget(1_000));
    private final AtomicInteger openings = new AtomicInteger();
    private final EventLogReaders readers = new EventLogReaders(
            () -> {
                openings.incrementAndGet();
                throw new OutOfMemoryError("of a test");
            },
            bounds,
            1);

    @AfterEach
    void close() {
        readers.close();
    }

    @Test
    void tellsWhoeverAsksOfAnError() {
        assertThat(readers.ask(reader -> 1).toFuture())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withRootCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void readsAgainForAStreamAfterAnError() {
        EventTailListener tail = new EventTailListener();
        tail.hearing(() -> Optional.of(Positions.of(new long[] {5})));
        EventStream stream =
                new EventStream("tenant", EventFilter.EVERYTHING, tail, bounds, Positions.of(new long[] {0}));
        stream.begin(null);
        readers.readFor(stream);
        await().atMost(PATIENCE).until(() -> openings.get() >= 2);
    }
}
