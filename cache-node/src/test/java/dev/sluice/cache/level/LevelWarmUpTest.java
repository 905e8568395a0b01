package dev.sluice.cache.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.SecondLevel.Written;
import dev.sluice.cache.engine.TooManyPurgesException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long a start waits for it, and that it does not stop in the middle of a batch, whose keys would be left behind. */
class LevelWarmUpTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final SecondLevel second = mock();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger takenOut = new AtomicInteger();

    @AfterEach
    void close() {
        VirtualTimeScheduler.reset();
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "15, 300", "60, 100"})
    void endsBetweenBatchesOnceItHasTakenLongEnough(int millisEach, int items) {
        when(second.onReturn(any())).thenReturn(Disposables.disposed());
        when(second.fetch(any())).thenReturn(Mono.empty());
        when(second.purge(any())).thenReturn(Mono.error(new TooManyPurgesException()));
        when(second.delete(any(), any())).thenReturn(Mono.just(new DeleteResult(false, 1)));
        when(second.put(any(), any(), any(), any(), any()))
                .thenAnswer(call -> Mono.fromSupplier(() -> new Written(puts.incrementAndGet(), true)));
        when(second.sweep(any(), anyLong(), anyLong()))
                .thenAnswer(call -> Mono.fromSupplier(() -> {
                    takenOut.incrementAndGet();
                    time.advanceTimeBy(Duration.ofMillis(millisEach));
                    return true;
                }));

        new LevelWarmUp(second, intent -> Mono.just(true)).run();

        assertThat(puts).hasValue(items);
        assertThat(takenOut).hasValue(items);
    }
}
