package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** When those who wait for the reads of a batch are told that all have begun. */
class BatchResultsTest {

    private final AtomicInteger begun = new AtomicInteger();
    private final Mono<ReadResult> read = Mono.just(ReadResult.MISS);
    private final Mono<ReadResult> failing = Mono.error(new IllegalStateException("told to fail"));

    @Test
    void onceAllHaveBegun() {
        Mono<ReadResult> asking = Mono.fromSupplier(() -> {
            assertThat(begun).hasValue(0);
            return ReadResult.ERROR;
        });

        assertThat(await(BatchResults.of(List.of(asking, read), begun::incrementAndGet)))
                .containsExactly(ReadResult.ERROR, ReadResult.MISS);

        assertThat(begun).hasPositiveValue();
    }

    /** The others do not begin, but one that did may be what somebody else waits for. */
    @Test
    void alsoWhenOneFailsBeforeAllHaveBegun() {
        Mono<List<ReadResult>> batch = BatchResults.of(List.of(Mono.never(), failing, read), begun::incrementAndGet);
        assertThat(begun).hasValue(0);

        assertThatThrownBy(() -> await(batch)).hasMessage("told to fail");

        assertThat(begun).hasPositiveValue();
    }
}
