package dev.sluice.metrics.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.streams.PartitionOwners;
import dev.sluice.metrics.streams.StoresNotReadyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class PartitionAnswersTest {
    private static final HostInfo SELF = new HostInfo("10.0.0.1", 8083);
    private static final HostInfo SECOND = new HostInfo("10.0.0.2", 8083);
    private static final HostInfo THIRD = new HostInfo("10.0.0.2", 8084);
    private static final Map<Integer, HostInfo> OWNERS = Map.of(0, SELF, 1, SECOND, 2, SELF, 3, THIRD, 4, SECOND);
    private static final Peers ALL_ANSWER = (owner, question, partitions) -> Mono.just(encoded(partitions));

    @Test
    void addsUpEveryPartitionOnce() {
        assertThat(answers(ALL_ANSWER).answer(new WhichPartitions()).block()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void asksNobodyElseWhenItHasAllPartitions() {
        Peers nobody = (owner, question, partitions) -> Mono.error(new AssertionError("asked " + owner));
        PartitionAnswers alone = new PartitionAnswers(
                store -> new PartitionOwners(SELF, Map.of(0, SELF, 1, SELF)), nobody, Duration.ofSeconds(4));
        assertThat(alone.answer(new WhichPartitions()).block()).containsExactly(0, 1);
    }

    @Test
    void isAProblemAndNotAPartWhenAnInstanceCannotBeReached() {
        Peers oneIsGone = (owner, question, partitions) -> owner.equals(THIRD)
                ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                : Mono.just(encoded(partitions));
        expectUnavailable(oneIsGone, "an instance does not answer");
    }

    @Test
    void isAProblemWhenAnInstanceNeverAnswers() {
        expectUnavailable((owner, question, partitions) -> Mono.never(), "an instance does not answer");
    }

    @Test
    void isAProblemWhenAnInstanceAnswersWhatIsNotUnderstood() {
        expectUnavailable(
                (owner, question, partitions) -> Mono.just("what".getBytes(StandardCharsets.UTF_8)), "another version");
    }

    @Test
    void findsOutAnewWhoHasThePartitionsBeforeItTriesAgain() {
        AtomicInteger looks = new AtomicInteger();
        Peers secondIsGone = (owner, question, partitions) -> owner.equals(SECOND)
                ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                : Mono.just(encoded(partitions));
        PartitionAnswers answers = new PartitionAnswers(
                store -> new PartitionOwners(SELF, looks.getAndIncrement() == 0 ? OWNERS : Map.of(0, SELF, 1, THIRD)),
                secondIsGone,
                Duration.ofSeconds(4));
        assertThat(answers.answer(new WhichPartitions()).block()).containsExactly(0, 1);
    }

    private static void expectUnavailable(Peers peers, String reason) {
        StepVerifier.withVirtualTime(() -> answers(peers).answer(new WhichPartitions()))
                .thenAwait(Duration.ofSeconds(10))
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(ProblemException.class);
                    ProblemException problem = (ProblemException) failure;
                    assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
                    assertThat(problem.detail()).contains(reason);
                    assertThat(problem.headers()).containsEntry("Retry-After", "2");
                })
                .verify(Duration.ofSeconds(30));
    }

    private static PartitionAnswers answers(Peers peers) {
        return new PartitionAnswers(store -> new PartitionOwners(SELF, OWNERS), peers, Duration.ofSeconds(4));
    }

    private static byte[] encoded(Set<Integer> partitions) {
        byte[] bytes = new byte[partitions.size()];
        int i = 0;
        for (int partition : partitions) {
            bytes[i++] = (byte) partition;
        }
        return bytes;
    }

    /** Asks each partition for its number. */
    private static final class WhichPartitions implements PartitionQuestion<Set<Integer>> {
        @Override
        public String store() {
            return "numbers";
        }

        @Override
        public String tenant() {
            return "acme";
        }

        @Override
        public String path() {
            return "/internal/v1/numbers";
        }

        @Override
        public Map<String, String> parameters() {
            return Map.of();
        }

        @Override
        public Set<Integer> read(Set<Integer> partitions) {
            return new TreeSet<>(partitions);
        }

        @Override
        public Set<Integer> decode(byte[] share) {
            Set<Integer> partitions = new TreeSet<>();
            for (byte partition : share) {
                if (partition > 'a') {
                    throw new MalformedBytesException("is a text");
                }
                partitions.add((int) partition);
            }
            return partitions;
        }

        @Override
        public Set<Integer> plus(Set<Integer> left, Set<Integer> right) {
            assertThat(left).as("no partition is asked twice").doesNotContainAnyElementsOf(List.copyOf(right));
            left.addAll(right);
            return left;
        }
    }
}
