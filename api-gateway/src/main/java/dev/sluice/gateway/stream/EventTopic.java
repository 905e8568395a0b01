package dev.sluice.gateway.stream;

import dev.sluice.platform.kafka.KafkaClients;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which topic of that name it is that events are read from; found out once, as soon as Kafka answers. Thread-safe. */
final class EventTopic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventTopic.class);
    private static final String TOPIC = EventTailListener.TOPIC.name();
    private static final long ANSWER_SECONDS = 10;
    private static final long PAUSE_MILLIS = 500;

    private final KafkaClients kafka;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("stream-topic").factory());
    private volatile @Nullable PositionToken tokens;

    EventTopic(KafkaClients kafka) {
        this.kafka = kafka;
    }

    void start() {
        ScheduledFuture<?> ignored =
                thread.scheduleWithFixedDelay(this::identify, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What writes and reads ids of this topic; empty while Kafka has not answered. */
    Optional<PositionToken> tokens() {
        return Optional.ofNullable(tokens);
    }

    private void identify() {
        try (Admin admin = kafka.newAdmin()) {
            var described = admin.describeTopics(List.of(TOPIC)).allTopicNames().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            tokens = new PositionToken(
                    Objects.requireNonNull(described.get(TOPIC)).topicId().toString());
            thread.shutdown();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} is not there yet", TOPIC, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
