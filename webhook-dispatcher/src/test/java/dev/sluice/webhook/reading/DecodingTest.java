package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.PublishFailedException;
import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.RecordEncoder;
import dev.sluice.webhook.fanout.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which records are handed over, which are kept as poison and which must wait. */
class DecodingTest {
    private final FakeClock clock = FakeClock.fixed();
    private final List<ReceivedRecord<DomainEvent>> handled = new ArrayList<>();
    private final List<Long> poison = new ArrayList<>();
    private CompletionStage<?> outcome = CompletableFuture.completedFuture(null);
    private @Nullable RuntimeException thrown;

    private final Decoding<DomainEvent> decoding = new Decoding<>(
            RecordDecoder.of(DomainEvent.class),
            new RecordHandler<>() {
                @Override
                public Instant releaseAt(ReceivedRecord<DomainEvent> record) {
                    return record.writtenAt().plusSeconds(5);
                }

                @Override
                public CompletionStage<?> handle(ReceivedRecord<DomainEvent> record) {
                    handled.add(record);
                    if (thrown != null) {
                        throw thrown;
                    }
                    return outcome;
                }
            },
            (record, error) -> {
                poison.add(record.offset());
                return CompletableFuture.completedFuture(null);
            },
            clock);

    @Test
    void handsOverWhatCanBeRead() {
        byte[] value = event();
        Task task = decoding.taskFor(raw(value, clock.instant().minusSeconds(60)));

        assertThat(task.bytes()).isEqualTo(value.length);
        assertThat(task.releaseAt()).isEqualTo(clock.instant().minusSeconds(55));
        assertThat(done(task)).isTrue();
        assertThat(handled).singleElement().satisfies(record -> {
            assertThat(record.value().getId()).isEqualTo("evt-1");
            assertThat(record.offset()).isEqualTo(7);
            assertThat(record.partition().partition()).isEqualTo(1);
        });
        assertThat(poison).isEmpty();
    }

    @Test
    void keepsAsideWhatCannotBeReadAndDoesNotWaitForIt() {
        for (byte[] value : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[100])) {
            Task task = decoding.taskFor(raw(value, clock.instant()));

            assertThat(task.releaseAt()).isEqualTo(Instant.MIN);
            assertThat(done(task)).isTrue();
        }
        assertThat(done(decoding.taskFor(raw(null, clock.instant())))).isTrue();
        assertThat(handled).isEmpty();
        assertThat(poison).hasSize(4);
    }

    @Test
    void keepsAsideWhatTheHandlerFailsOf() {
        outcome = CompletableFuture.failedFuture(new IllegalStateException("no"));
        assertThat(done(decoding.taskFor(raw(event(), clock.instant())))).isTrue();
        thrown = new IllegalArgumentException("no");
        assertThat(done(decoding.taskFor(raw(event(), clock.instant())))).isTrue();

        assertThat(poison).containsExactly(7L, 7L);
    }

    @Test
    void whatKafkaDidNotTakeMustWait() {
        for (RuntimeException failure : List.of(
                new PublishFailedException("away"),
                new CompletionException(new PublishFailedException("away")),
                new PublisherOverloadedException("full"))) {
            outcome = CompletableFuture.failedFuture(failure);
            assertThat(done(decoding.taskFor(raw(event(), clock.instant())))).isFalse();
        }
        thrown = new PublishFailedException("away");
        assertThat(done(decoding.taskFor(raw(event(), clock.instant())))).isFalse();
        assertThat(poison).isEmpty();
    }

    @Test
    void aTimestampFromTheFutureHoldsNothingBack() {
        Task task = decoding.taskFor(raw(event(), clock.instant().plusSeconds(1_000_000)));

        assertThat(task.releaseAt()).isEqualTo(clock.instant().plusSeconds(5));
    }

    private static boolean done(Task task) {
        CompletableFuture<?> stage = task.work().get().toCompletableFuture();
        assertThat(stage).isDone();
        return !stage.isCompletedExceptionally();
    }

    private static byte[] event() {
        return RecordEncoder.of(DomainEvent.class, 1_000_000).encode(Events.of("acme", "evt-1", "a", "{}"));
    }

    private static ConsumerRecord<byte[], byte[]> raw(byte @Nullable [] value, Instant at) {
        return new ConsumerRecord<>(
                "t",
                1,
                7,
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
