package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.LocalRedis;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers of many parts come to their end, and so does what waits behind them on the same connection. */
class RedisReadsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int FIELDS = 400;

    private final LettuceConnectionFactory connections = RedisConnections.to(LocalRedis.shared());

    @AfterEach
    void disconnect() {
        connections.destroy();
    }

    @Test
    void answersThatComeInPiecesComeToTheirEnd() {
        ByteBuffer key = text("reads-" + UUID.randomUUID());
        Map<ByteBuffer, ByteBuffer> fields = new HashMap<>();
        for (int i = 0; i < FIELDS; i++) {
            fields.put(text("field-" + i), text("x".repeat(i)));
        }
        ReactiveRedisConnection connection = connections.getReactiveConnection();
        connection.hashCommands().hMSet(key, fields).block(PATIENCE);

        for (int i = 0; i < 5_000; i++) {
            assertThat(count(connection, key).block(PATIENCE)).as("read %d", i).isEqualTo(FIELDS);
        }
    }

    private static Mono<Long> count(ReactiveRedisConnection connection, ByteBuffer key) {
        return connection
                .hashCommands()
                .hGetAll(key.duplicate())
                .publishOn(Schedulers.parallel(), 8)
                .count();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
