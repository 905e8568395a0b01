package dev.sluice.platform.kafka;

import static dev.sluice.platform.kafka.TestPlatform.tier;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.platform.kafka.LogSearch.SearchFailedException;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogSearchIT {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.DELETE);
    private final TestPlatform platform = new TestPlatform(LocalKafka.shared().bootstrapServers(), topic);
    private final LogSearch search = new LogSearch(platform.clients, TestPlatform.properties(Map.of()));

    @BeforeEach
    void awaitTopic() throws Exception {
        platform.provisioner.ready().get(60, SECONDS);
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void findsTheFirstOfItsKeySinceThen() throws Exception {
        write("key", "before", AT.minusSeconds(1));
        write("other", "wanted", AT);
        send("key", new byte[] {1, 2, 3}, AT);
        write("key", "unwanted", AT);
        write("key", "wanted", AT.plusMillis(1));

        assertThat(find("key", "wanted", AT)).isPresent();
        assertThat(find("key", "before", AT)).isEmpty();
        assertThat(find("key", "nobody", AT)).isEmpty();
        assertThat(find("key", "wanted", AT.plusSeconds(60))).isEmpty();
        assertThat(find("key", "before", Instant.EPOCH)).isPresent();
    }

    @Test
    void saysWhenItDidNotReadFarEnough() throws Exception {
        for (int i = 0; i < 120; i++) {
            write("key", "tier-" + i, AT);
        }
        LogSearch bounded = new LogSearch(platform.clients, TestPlatform.properties(Map.of()), 100);
        assertThatExceptionOfType(SearchFailedException.class)
                .isThrownBy(() -> bounded.find(topic, "key", AT, tier -> false));
        assertThat(bounded.find(topic, "key", AT, tier -> tier.getName().equals("tier-7")))
                .isPresent();
    }

    private Optional<Tier> find(String key, String name, Instant since) {
        return search.find(topic, key, since, tier -> tier.getName().equals(name));
    }

    private void write(String key, String name, Instant at) throws Exception {
        send(key, RecordSerde.of(topic).serializer().serialize(topic.name(), tier(name)), at);
    }

    private void send(String key, byte[] value, Instant at) throws Exception {
        platform.sendRaw(new ProducerRecord<>(
                topic.name(), null, at.toEpochMilli(), key.getBytes(StandardCharsets.UTF_8), value));
    }
}
