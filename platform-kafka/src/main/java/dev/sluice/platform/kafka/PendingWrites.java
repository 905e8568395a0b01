package dev.sluice.platform.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes of this process that it has not read back yet. A record carries the id of its write in a header, so that the
 * answer is found even when Kafka's own confirmation was lost.
 */
final class PendingWrites {
    /** Two longs. */
    static final String WRITE_ID = "sluice-write-id";
    /** A long. */
    static final String EXPECTED_VERSION = "sluice-expected-version";

    static final Duration READ_BACK_TIMEOUT = KafkaClients.DELIVERY_TIMEOUT.plusSeconds(10);

    private final Map<UUID, CompletableFuture<Long>> waiting = new ConcurrentHashMap<>();

    /** A write that was just begun: the headers its record needs and the version it will get. */
    record Begun(UUID id, Map<String, byte[]> headers, CompletableFuture<Long> version) {}

    Begun begin(@Nullable Long expectedVersion) {
        UUID id = UUID.randomUUID();
        Map<String, byte[]> headers = new HashMap<>();
        headers.put(
                WRITE_ID,
                ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
        if (expectedVersion != null) {
            headers.put(
                    EXPECTED_VERSION,
                    ByteBuffer.allocate(8).putLong(expectedVersion).array());
        }
        CompletableFuture<Long> version = new CompletableFuture<>();
        waiting.put(id, version);
        return new Begun(
                id,
                headers,
                bounded(version, READ_BACK_TIMEOUT, "a write was not read back")
                        .whenComplete((done, failure) -> waiting.remove(id)));
    }

    /** The same outcome, or after a while {@link PublishFailedException} on a thread that may block. */
    static <T> CompletableFuture<T> bounded(CompletableFuture<T> future, Duration limit, String complaint) {
        return future.copy()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyComposeAsync(
                        failure -> CompletableFuture.failedFuture(
                                failure instanceof TimeoutException
                                        ? new PublishFailedException(complaint, failure)
                                        : failure),
                        Thread::startVirtualThread);
    }

    void fail(Begun write, Throwable failure) {
        settle(write.id, future -> future.completeExceptionally(failure));
    }

    /** Whether the record is one of ours that somebody waits for. */
    boolean isOurs(Headers headers) {
        UUID id = writeId(headers);
        return id != null && waiting.containsKey(id);
    }

    void applied(Headers headers, long version) {
        settle(writeId(headers), future -> future.complete(version));
    }

    void conflicted(Headers headers, VersionConflictException conflict) {
        settle(writeId(headers), future -> future.completeExceptionally(conflict));
    }

    /** The version a record expects; null when it expects none, or does not say it in eight bytes. */
    static @Nullable Long expectedVersion(Headers headers) {
        Header header = headers.lastHeader(EXPECTED_VERSION);
        return header == null || header.value() == null || header.value().length != 8
                ? null
                : Long.valueOf(ByteBuffer.wrap(header.value()).getLong());
    }

    private static @Nullable UUID writeId(Headers headers) {
        Header header = headers.lastHeader(WRITE_ID);
        if (header == null || header.value() == null || header.value().length != 16) {
            return null;
        }
        ByteBuffer bits = ByteBuffer.wrap(header.value());
        return new UUID(bits.getLong(), bits.getLong());
    }

    /** Whoever waits may block, so they go on elsewhere than on the thread of the table. */
    private void settle(@Nullable UUID id, java.util.function.Consumer<CompletableFuture<Long>> end) {
        CompletableFuture<Long> future = id == null ? null : waiting.remove(id);
        if (future != null) {
            Thread.startVirtualThread(() -> end.accept(future));
        }
    }
}
