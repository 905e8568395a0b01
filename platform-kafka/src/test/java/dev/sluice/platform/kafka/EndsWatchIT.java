package dev.sluice.platform.kafka;

import static dev.sluice.platform.kafka.TestPlatform.tier;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndsWatchIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final TopicDescriptor<Tier> one = TestPlatform.topic(Tier.class, Cleanup.COMPACT);
    private final TopicDescriptor<Tier> other = TestPlatform.topic(Tier.class, Cleanup.COMPACT);
    private final TopicPartition ofOne = new TopicPartition(one.name(), 0);
    private final TopicPartition ofOther = new TopicPartition(other.name(), 0);
    private final TopicPartition ofNone = new TopicPartition("sluice.test.no-such-topic", 0);

    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), one, other);
    private final List<Set<TopicPartition>> questions = new CopyOnWriteArrayList<>();
    private final LogEnds ends = new LogEnds(new LazyAdmin(Noting::new));

    @BeforeEach
    void topicsAreThere() {
        platform.provisioner.ready().join();
        platform.tables.of(one).put("a", tier("a")).join();
    }

    @AfterEach
    void close() {
        ends.close();
        platform.close();
    }

    @Test
    void asksForAllInOneQuestion() throws Exception {
        BlockingQueue<EndsWatch.Answer> answers = new LinkedBlockingQueue<>();
        BlockingQueue<EndsWatch.Answer> otherAnswers = new LinkedBlockingQueue<>();
        long before = System.nanoTime();
        try (EndsWatch.Watched _ = watch(Optional.of(one.name()), answers, ofOne);
                EndsWatch.Watched _ = watch(Optional.empty(), otherAnswers, ofOther)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(questions).contains(Set.of(ofOne, ofOther)));
            EndsWatch.Answer answer = next(answers);
            assertThat(answer.ends()).isEqualTo(Map.of(ofOne, 1L));
            assertThat(answer.topicId()).contains(ends.fetchTopicId(one.name()).get(30, SECONDS));
            assertThat(answer.at() - before).isPositive();
            assertThat(next(otherAnswers)).satisfies(second -> {
                assertThat(second.ends()).isEqualTo(Map.of(ofOther, 0L));
                assertThat(second.topicId()).isEmpty();
            });
        }
    }

    @Test
    void tellsOfTheOthersWhereOneIsNotThere() throws Exception {
        BlockingQueue<EndsWatch.Answer> answers = new LinkedBlockingQueue<>();
        BlockingQueue<EndsWatch.Answer> none = new LinkedBlockingQueue<>();
        try (EndsWatch.Watched _ = watch(Optional.of(ofNone.topic()), none, ofNone);
                EndsWatch.Watched _ = watch(Optional.of(one.name()), answers, ofOne)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(questions).contains(Set.of(ofOne, ofNone)));
            for (int i = 0; i < 3; i++) {
                assertThat(next(answers).ends()).isEqualTo(Map.of(ofOne, 1L));
            }
            assertThat(none).isEmpty();
        }
    }

    @Test
    void tellsThatNoTopicHasTheNameWhichNeedNotBeAnother() throws Exception {
        BlockingQueue<EndsWatch.Answer> answers = new LinkedBlockingQueue<>();
        try (EndsWatch.Watched _ = watch(Optional.of(ofNone.topic()), answers, ofOne)) {
            assertThat(next(answers).topicId()).isEmpty();
        }
    }

    @Test
    void tellsNothingOnceItIsClosed() throws Exception {
        BlockingQueue<EndsWatch.Answer> answers = new LinkedBlockingQueue<>();
        BlockingQueue<EndsWatch.Answer> closed = new LinkedBlockingQueue<>();
        try (EndsWatch.Watched _ = watch(Optional.empty(), answers, ofOne)) {
            EndsWatch.Watched once = watch(Optional.empty(), closed, ofOther);
            next(closed);
            once.close();
            closed.clear();
            questions.clear();
            answers.clear();
            for (int i = 0; i < 3; i++) {
                next(answers);
            }
            assertThat(closed).isEmpty();
            assertThat(questions).last().isEqualTo(Set.of(ofOne));
        }
    }

    private EndsWatch.Watched watch(
            Optional<String> topic, BlockingQueue<EndsWatch.Answer> answers, TopicPartition partition) {
        return ends.watch().watch(OFTEN, List.of(partition), topic, answers::add);
    }

    private static EndsWatch.Answer next(BlockingQueue<EndsWatch.Answer> answers) throws InterruptedException {
        return Objects.requireNonNull(answers.poll(60, SECONDS), "no answer");
    }

    /** Keeps for which partitions it was asked in one call. */
    private final class Noting extends ForwardingAdmin {
        Noting() {
            super(Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers()));
        }

        @Override
        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> partitions, ListOffsetsOptions options) {
            questions.add(Set.copyOf(partitions.keySet()));
            return super.listOffsets(partitions, options);
        }

        @Override
        public void close() {
            close(Duration.ZERO);
        }
    }
}
