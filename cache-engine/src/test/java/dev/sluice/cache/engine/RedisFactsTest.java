package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How often Redis is asked, on virtual time. */
class RedisFactsTest {

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void isAskedOnceASecondWhoeverWantsToKnow() {
        Mono<Integer> facts = RedisFacts.shared(Mono.fromSupplier(asked::incrementAndGet), scheduler);

        assertThat(await(Flux.range(0, 100).flatMap(i -> facts).distinct().collectList()))
                .containsExactly(1);
        scheduler.advanceTimeBy(Duration.ofMillis(999));
        assertThat(await(facts)).isEqualTo(1);
        scheduler.advanceTimeBy(Duration.ofMillis(1));
        assertThat(await(facts)).isEqualTo(2);
    }

    @Test
    void isAskedOnceASecondAlsoWhileItDoesNotAnswer() {
        Mono<Integer> facts = RedisFacts.shared(
                Mono.defer(() -> asked.incrementAndGet() == 1
                        ? Mono.error(SecondLevelUnavailableException.notAsked())
                        : Mono.just(asked.get())),
                scheduler);

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> await(facts)).isInstanceOf(SecondLevelUnavailableException.class);
        }
        scheduler.advanceTimeBy(RedisFacts.LIFE);
        assertThat(await(facts)).isEqualTo(2);
    }
}
