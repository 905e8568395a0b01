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
    private static final Fresh ALL_ANSWER = (owner, question, partitions) -> Mono.just(encoded(partitions));

    private static final Fresh NOBODY =
            (owner, question, partitions) -> Mono.error(new StoresNotReadyException("nobody is there"));
    private static final PartitionOwners OWNERS_AND_COPIES =
            new PartitionOwners(SELF, OWNERS, Map.of(1, List.of(THIRD), 4, List.of(SELF)));

    /** Asks for windows, not copies. */
    private interface Fresh {
        Mono<byte[]> ask(HostInfo owner, PartitionQuestion<?> question, Set<Integer> partitions);
    }

    /** @param copies who answers for a copy, and how far that is behind; the others are gone */
    private record FakePeers(Fresh fresh, Map<HostInfo, Long> copies) implements Peers {
        @Override
        public Mono<byte[]> ask(HostInfo owner, PartitionQuestion<?> question, Set<Integer> partitions) {
            return fresh.ask(owner, question, partitions);
        }

        @Override
        public <T> Mono<Copy<T>> askCopy(HostInfo host, PartitionQuestion<T> question, int partition) {
            Long lag = copies.get(host);
            // The owner of a partition says that nothing is missing.
            return lag == null
                    ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                    : Mono.just(new Copy<>(
                            question.decode(encoded(Set.of(partition))), host.equals(OWNERS.get(partition)) ? 0 : lag));
        }
    }

    @Test
    void addsUpEveryPartitionOnce() {
        assertThat(answers(ALL_ANSWER).answer(new WhichPartitions()).block()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void asksNobodyElseWhenItHasAllPartitions() {
        Fresh nobody = (owner, question, partitions) -> Mono.error(new AssertionError("asked " + owner));
        PartitionAnswers alone = new PartitionAnswers(
                store -> new PartitionOwners(SELF, Map.of(0, SELF, 1, SELF)),
                store -> OWNERS_AND_COPIES,
                new FakePeers(nobody, Map.of()),
                Duration.ofSeconds(4));
        assertThat(alone.answer(new WhichPartitions()).block()).containsExactly(0, 1);
    }

    @Test
    void isAProblemAndNotAPartWhenAnInstanceCannotBeReached() {
        Fresh oneIsGone = (owner, question, partitions) -> owner.equals(THIRD)
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
        Fresh secondIsGone = (owner, question, partitions) -> owner.equals(SECOND)
                ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                : Mono.just(encoded(partitions));
        PartitionAnswers answers = new PartitionAnswers(
                store -> new PartitionOwners(SELF, looks.getAndIncrement() == 0 ? OWNERS : Map.of(0, SELF, 1, THIRD)),
                store -> OWNERS_AND_COPIES,
                new FakePeers(secondIsGone, Map.of()),
                Duration.ofSeconds(4));
        assertThat(answers.answer(new WhichPartitions()).block()).containsExactly(0, 1);
    }

    /** The second instance is gone: one of its partitions has a copy here, the other one on the third. */
    @Test
    void answersARequestFromCopiesAndSaysHowFarTheyAreBehind() {
        Fresh secondIsGone = (owner, question, partitions) -> owner.equals(SECOND)
                ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                : Mono.just(encoded(partitions));
        Copies request = new Copies(10, false);
        assertThat(answers(secondIsGone, Map.of(THIRD, 7L))
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request))
                        .block())
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(request.lagRecords()).hasValue(7);
    }

    @Test
    void whoNeverAnswersIsNotWaitedForWhereThereAreCopies() {
        Fresh secondIsSilent =
                (owner, question, partitions) -> owner.equals(SECOND) ? Mono.never() : Mono.just(encoded(partitions));
        Copies request = new Copies(10, false);
        assertThat(answers(secondIsSilent, Map.of(THIRD, 7L))
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request))
                        .block())
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(request.lagRecords()).hasValue(7);
    }

    /** It may have its windows restored in part, and lacks less than a copy. */
    @Test
    void theOwnerIsAskedOnceMoreBeforeWhoHasACopy() {
        Fresh secondIsNotReady = (owner, question, partitions) -> owner.equals(SECOND)
                ? Mono.error(new StoresNotReadyException("the windows are being restored"))
                : Mono.just(encoded(partitions));
        Copies request = new Copies(10, false);
        assertThat(answers(secondIsNotReady, Map.of(SECOND, 0L, THIRD, 7L))
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request))
                        .block())
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(request.lagRecords()).hasValue(0);
    }

    /** Longer than where copies would do. */
    @Test
    void windowsAreWaitedForWhereNobodyHasACopy() {
        AtomicInteger asked = new AtomicInteger();
        Fresh secondComesBack = (owner, question, partitions) -> owner.equals(SECOND) && asked.incrementAndGet() <= 6
                ? Mono.error(new StoresNotReadyException("an instance does not answer"))
                : Mono.just(encoded(partitions));
        Copies request = new Copies(10, false);
        assertThat(answers(secondComesBack, Map.of())
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request))
                        .block())
                .containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whatItSharesIsACopyOnlyIfThatIsAskedFor() {
        for (boolean isAsked : List.of(true, false)) {
            Copies request = new Copies(10, isAsked);
            assertThat(answers(ALL_ANSWER)
                            .share(() -> encoded(Set.of(1)))
                            .contextWrite(context -> context.put(Copies.class, request))
                            .block())
                    .isEqualTo(encoded(Set.of(1)));
            assertThat(request.lagRecords().isPresent())
                    .as("read as a copy: " + isAsked)
                    .isEqualTo(isAsked);
        }
    }

    @Test
    void whatIsMissingOfEachCopyAddsUp() {
        Copies request = new Copies(10, false);
        assertThat(request.lagRecords()).isEmpty();
        request.add(0);
        assertThat(request.lagRecords()).hasValue(0);
        request.add(3);
        request.add(4);
        assertThat(request.lagRecords()).hasValue(7);
    }

    @Test
    void isAProblemWhenThereIsNoCopyEither() {
        Copies request = new Copies(10, false);
        StepVerifier.create(answers(NOBODY, Map.of())
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request)))
                .expectError(ProblemException.class)
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void whoMustHaveItAllIsGivenNoCopies() {
        Copies request = new Copies(10, false);
        StepVerifier.create(answers(NOBODY, Map.of(SECOND, 0L, THIRD, 0L))
                        .answer(new WhichPartitions())
                        .contextWrite(PartitionAnswers::freshOnly)
                        .contextWrite(context -> context.put(Copies.class, request)))
                .expectError(ProblemException.class)
                .verify(Duration.ofSeconds(30));
        assertThat(request.lagRecords()).isEmpty();
    }

    @Test
    void copiesAreNotAskedWhileTheWindowsAnswer() {
        Copies request = new Copies(10, false);
        assertThat(answers(ALL_ANSWER, Map.of(THIRD, 7L))
                        .answer(new WhichPartitions())
                        .contextWrite(context -> context.put(Copies.class, request))
                        .block())
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(request.lagRecords()).isEmpty();
    }

    @Test
    void whatAnotherInstanceSaysOfItsCopyIsRead() {
        assertThat(Copies.parse(Copies.words(17))).isEqualTo(17);
        for (String nonsense :
                List.of("", "records=", "records=x", "records=-1", "17", "records=99999999999999999999")) {
            assertThat(Copies.parse(nonsense)).as(nonsense).isZero();
        }
    }

    private static void expectUnavailable(Fresh peers, String reason) {
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

    private static PartitionAnswers answers(Fresh peers) {
        return answers(peers, Map.of());
    }

    private static PartitionAnswers answers(Fresh peers, Map<HostInfo, Long> copies) {
        return new PartitionAnswers(
                store -> new PartitionOwners(SELF, OWNERS),
                store -> OWNERS_AND_COPIES,
                new FakePeers(peers, copies),
                Duration.ofSeconds(4));
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
