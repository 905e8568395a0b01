package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class ClaimEndsTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<List<String>> calls = new ArrayList<>();
    private final List<Sinks.Empty<Void>> answers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void stop() {
        time.dispose();
    }

    @Test
    void tellsRedisInOneCallOnceAllHaveEnded() {
        ClaimEnds<String> ends = of(3);
        ends.add("a");
        ends.add("b");
        time.advanceTime();
        assertThat(calls).isEmpty();
        ends.add("c");
        time.advanceTime();
        assertThat(calls).containsExactly(List.of("a", "b", "c"));
        assertThat(told).isEmpty();
        answer(0);
        time.advanceTimeBy(ClaimEnds.PATIENCE.multipliedBy(2));
        assertThat(told).containsExactly("a", "b", "c");
        assertThat(calls).hasSize(1);
    }

    @Test
    void waitsForNoneThatDoesNotEnd() {
        ClaimEnds<String> ends = of(5);
        ends.add("a");
        ends.add("b");
        time.advanceTimeBy(ClaimEnds.PATIENCE);
        assertThat(calls).containsExactly(List.of("a", "b"));
        ends.add("c");
        ends.add("d");
        time.advanceTime();
        assertThat(calls).as("one call at a time").hasSize(1);
        answer(0);
        assertThat(calls).containsExactly(List.of("a", "b"), List.of("c", "d"));
        answer(1);
        assertThat(told).containsExactly("a", "b", "c", "d");
        ends.add("e");
        time.advanceTime();
        assertThat(calls).hasSize(3).last().isEqualTo(List.of("e"));
    }

    @Test
    void goesOnWhenRedisCannotBeTold() {
        ClaimEnds<String> ends =
                new ClaimEnds<>(1, now -> Mono.error(new IllegalStateException("away")), told::addAll, time);
        ends.add("a");
        time.advanceTime();
        assertThat(told).containsExactly("a");
    }

    private ClaimEnds<String> of(int expected) {
        return new ClaimEnds<>(
                expected,
                now -> {
                    calls.add(now);
                    answers.add(Sinks.empty());
                    return answers.getLast().asMono();
                },
                told::addAll,
                time);
    }

    private void answer(int call) {
        assertThat(answers.get(call).tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
    }
}
