package dev.sluice.platform.kafka;

import static dev.sluice.platform.kafka.TestPlatform.tier;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.RemadeTopic;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFollowersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.DELETE);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void hearsWhatComesAfterItsStartAndNothingFromBefore() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
        publish(platform, "before");
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = follow(followers);
            await().atMost(PATIENCE).until(follower::following);
            publish(platform, "one");
            publish(platform, "two");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
        }
    }

    @Test
    void hearsWhatWasWrittenSinceATimeAndWhatComes() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        write("long before", since.minusSeconds(3_600));
        write("just before", since.minusMillis(1));
        write("since", since);
        write("after", since.plusSeconds(1));
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = followers.followSince(
                    topic, since, record -> heard.add(record.value().getName()));
            await().atMost(PATIENCE).until(follower::following);
            assertThat(heard).containsExactly("since", "after");
            publish(platform, "later");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("since", "after", "later"));
        }
    }

    @Test
    void hearsWhatComesWhereNothingWasWrittenSinceTheTime() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
        write("before", Instant.parse("2026-01-01T00:00:00Z"));
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = followers.followSince(
                    topic,
                    Instant.parse("2026-01-02T00:00:00Z"),
                    record -> heard.add(record.value().getName()));
            await().atMost(PATIENCE).until(follower::following);
            publish(platform, "one");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("one"));
        }
    }

    @Test
    void hearsAllOfATopicThatIsMadeAnewThoughItBeganAtATime() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        write("since", since);
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = followers.followInBulkSince(
                    topic,
                    since,
                    Duration.ofMillis(50),
                    record -> heard.add(record.value().getName()));
            await().atMost(PATIENCE).until(follower::following);
            RemadeTopic.make(LocalKafka.shared().bootstrapServers(), topic.name());
            publish(platform, "one");
            publish(platform, "two");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("since", "one", "two"));
        }
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
        publish(platform, "before");
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = follow(followers);
            await().atMost(PATIENCE).until(follower::following);
            assertThat(next(follower)).isEqualTo(Map.of(0, 1L));
            publish(platform, "one");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("one"));
            assertThat(next(follower)).isEqualTo(Map.of(0, 2L));
        }
    }

    /** The second topic ends before where the reader stood in the first, the third one behind where it stands in the second. */
    @Test
    void hearsAllOfATopicThatIsMadeAnewAndTellsThatItIs() throws Exception {
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower =
                    followers.follow(topic, record -> heard.add(record.value().getName()), () -> heard.add("set back"));
            await().atMost(PATIENCE).until(follower::following);
            publish(platform, "one");
            publish(platform, "two");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
            String first = follower.position().orElseThrow().topicId();
            RemadeTopic.make(LocalKafka.shared().bootstrapServers(), topic.name());
            publish(platform, "three");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(heard).containsExactly("one", "two", "set back", "three"));
            assertThat(next(follower)).isEqualTo(Map.of(0, 1L));
            assertThat(follower.position().orElseThrow().topicId()).isNotEqualTo(first);
            heard.clear();
            RemadeTopic.make(LocalKafka.shared().bootstrapServers(), topic.name());
            publish(platform, "four");
            publish(platform, "five");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).endsWith("set back", "four", "five"));
        }
    }

    @Test
    void everyFollowerHearsEverything() throws Exception {
        List<String> otherHeard = new CopyOnWriteArrayList<>();
        try (LogFollowers followers = followers(platform)) {
            LogFollower one = follow(followers);
            LogFollower other = followers.follow(
                    topic, record -> otherHeard.add(record.value().getName()));
            await().atMost(PATIENCE).until(() -> one.following() && other.following());
            publish(platform, "both");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(heard).containsExactly("both");
                assertThat(otherHeard).containsExactly("both");
            });
        }
    }

    @Test
    void passesOverWhatItCannotReadAndWhatFailsItsListener() throws Exception {
        try (LogFollowers followers = followers(platform)) {
            LogFollower follower = followers.follow(topic, record -> {
                if (record.value().getName().equals("bad")) {
                    throw new IllegalStateException("a listener that fails");
                }
                heard.add(record.value().getName());
            });
            await().atMost(PATIENCE).until(follower::following);
            platform.sendRaw(
                    new ProducerRecord<>(topic.name(), "a".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
            publish(platform, "bad");
            publish(platform, "good");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsExactly("good"));
            assertThat(platform.count("sluice.kafka.follower.failures")).isEqualTo(2);
        }
    }

    @Test
    void knowsThatItIsCutOffAndThenHearsWhatItMissed() throws Exception {
        try (IsolatedKafka broker = LocalKafka.newIsolated();
                TestPlatform own = new TestPlatform(broker.bootstrapServers(), topic);
                LogFollowers followers = followers(own)) {
            LogFollower follower = follow(followers);
            await().atMost(PATIENCE).until(follower::following);
            publish(own, "before");
            broker.stop();
            await().atMost(PATIENCE).until(() -> follower.staleness().compareTo(Duration.ofSeconds(2)) > 0);
            broker.start();
            // A broker that has just started may lead nothing for longer than a write waits; what was refused was not
            // written.
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                publish(own, "after");
                return true;
            });
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(heard).containsExactly("before", "after");
                assertThat(follower.staleness()).isLessThan(Duration.ofSeconds(2));
            });
        }
    }

    private static Map<Integer, Long> next(LogFollower follower) {
        return follower.position().orElseThrow().next();
    }

    private LogFollower follow(LogFollowers followers) {
        return followers.follow(topic, record -> heard.add(record.value().getName()));
    }

    private void publish(TestPlatform from, String name) throws Exception {
        from.publishers.to(topic).publish("key", tier(name)).get(30, SECONDS);
    }

    private void write(String name, Instant at) throws Exception {
        byte[] value = RecordSerde.of(topic).serializer().serialize(topic.name(), tier(name));
        platform.sendRaw(new ProducerRecord<>(
                topic.name(), null, at.toEpochMilli(), "key".getBytes(StandardCharsets.UTF_8), value));
    }

    private static LogFollowers followers(TestPlatform of) {
        return new LogFollowers(of.clients, of.ends, of.provisioner, TestPlatform.properties(Map.of()), of.meters);
    }
}
