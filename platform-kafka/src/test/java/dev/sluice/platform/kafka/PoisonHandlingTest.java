package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.ListenerExecutionFailedException;

class PoisonHandlingTest {
    @Test
    void blamesKafkaForWhatPasses() {
        assertTransient(new PublishFailedException("not confirmed"));
        assertTransient(new PublisherOverloadedException("too many"));
        assertTransient(new PublishFailedException("not confirmed", new TimeoutException("late")));
        assertTransient(new IllegalStateException(new NotLeaderOrFollowerException("elsewhere")));
        // Somebody will grant it; the record is not to blame.
        assertTransient(new TopicAuthorizationException("topic"));
    }

    @Test
    void blamesTheRecordForWhatNeverPasses() {
        assertPermanent(new IllegalStateException("a bug"));
        assertPermanent(new ListenerDiedException(new OutOfMemoryError("an array length")));
        assertPermanent(new SerializationException("not a record"));
        assertPermanent(new PublishFailedException("not confirmed", new RecordTooLargeException("too large")));
        assertPermanent(new IllegalStateException(Unencodable.oversize()));
    }

    private static void assertTransient(RuntimeException error) {
        assertThat(PoisonHandling.isTransient(error)).isTrue();
        assertThat(PoisonHandling.isTransient(new ListenerExecutionFailedException("listener", error)))
                .isTrue();
    }

    private static void assertPermanent(RuntimeException error) {
        assertThat(PoisonHandling.isTransient(error)).isFalse();
        assertThat(PoisonHandling.isTransient(new ListenerExecutionFailedException("listener", error)))
                .isFalse();
    }
}
