package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class PendingWritesTest {
    private final PendingWrites writes = new PendingWrites();

    @Test
    void findsAWriteByTheHeadersOfItsRecord() {
        PendingWrites.Begun write = writes.begin(41L);
        Headers headers = headers(write.headers());
        assertThat(writes.isOurs(headers)).isTrue();
        assertThat(PendingWrites.expectedVersion(headers)).isEqualTo(41L);
        writes.applied(headers, 42);
        assertThat(write.version().join()).isEqualTo(42);
        assertThat(writes.isOurs(headers)).isFalse();
    }

    @Test
    void tellsAWriteOfItsConflictOrFailure() {
        PendingWrites.Begun lost = writes.begin(1L);
        writes.conflicted(headers(lost.headers()), new VersionConflictException("key", 1, 2));
        assertThatThrownBy(() -> lost.version().join()).hasCauseInstanceOf(VersionConflictException.class);
        PendingWrites.Begun failed = writes.begin(null);
        writes.fail(failed, new PublishFailedException("pretended"));
        assertThatThrownBy(() -> failed.version().join()).hasCauseInstanceOf(PublishFailedException.class);
    }

    @Test
    void takesForgedHeadersForNoneAtAll() {
        for (byte[] forged : new byte[][] {{}, new byte[7], new byte[15], new byte[17]}) {
            Headers headers = headers(Map.of(PendingWrites.WRITE_ID, forged, PendingWrites.EXPECTED_VERSION, forged));
            assertThat(writes.isOurs(headers)).isFalse();
            assertThat(PendingWrites.expectedVersion(headers)).isNull();
            writes.applied(headers, 1);
        }
    }

    @Test
    void failsAsAnUnconfirmedWriteWhenNothingComesBack() {
        CompletableFuture<Long> never = new CompletableFuture<>();
        CompletableFuture<Long> bounded = PendingWrites.bounded(never, Duration.ofMillis(1), "pretended");
        await().until(bounded::isDone);
        assertThatThrownBy(bounded::join)
                .hasCauseInstanceOf(PublishFailedException.class)
                .hasMessageContaining("pretended");
    }

    private static Headers headers(Map<String, byte[]> values) {
        Headers headers = new RecordHeaders();
        values.forEach(headers::add);
        return headers;
    }
}
