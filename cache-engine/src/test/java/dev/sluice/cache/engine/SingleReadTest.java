package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Reads over a connection that answers when the test says so. */
class SingleReadTest {

    private final List<RedisCommand<byte[], byte[], ?>> sent = new ArrayList<>();

    @SuppressWarnings("unchecked")
    private final StatefulConnection<byte[], byte[]> connection =
            (StatefulConnection<byte[], byte[]>) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {StatefulConnection.class},
                    (proxy, method, arguments) -> {
                        sent.addAll((Collection<RedisCommand<byte[], byte[], ?>>) arguments[0]);
                        return arguments[0];
                    });

    private Mono<?> read() {
        return SingleRead.of(connection, ByteBuffer.allocate(1), ByteBuffer.allocate(1));
    }

    private void closeConnection() {
        sent.forEach(command -> assertThat(command.completeExceptionally(new RedisException("Connection closed")))
                .isTrue());
    }

    @Test
    void failsAsTheConnectionDoes() {
        CompletableFuture<?> read = read().toFuture();
        closeConnection();
        assertThatThrownBy(read::join)
                .hasCauseInstanceOf(RedisException.class)
                .hasMessageContaining("Connection closed");
    }

    /** A Redis that is away fails all that was asked, long after the deadlines of those who asked. */
    @Test
    void nothingIsSaidOfAFailureForWhichNobodyWaits() {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            read().subscribe(found -> {}, failure -> {}).dispose();
            closeConnection();
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(sent).hasSize(3);
        assertThat(dropped).isEmpty();
    }
}
