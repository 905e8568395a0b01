package dev.sluice.cache.engine;

import dev.sluice.cache.engine.FetchScript.Found;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A read of one entry by three commands that leave, and are answered, in one go. Given to the driver one by one they would be three calls of the
 * kernel on either side; a script would copy the value twice more inside Redis.
 */
final class SingleRead {

    private final AsyncCommand<byte[], byte[], Long> life;
    private final AsyncCommand<byte[], byte[], byte[]> value;
    private final AsyncCommand<byte[], byte[], byte[]> lastPurge;

    private SingleRead(byte[] entry, byte[] epochs) {
        life = command(CommandType.PTTL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), entry);
        value = command(CommandType.GET, new ValueOutput<>(ByteArrayCodec.INSTANCE), entry);
        lastPurge =
                command(CommandType.HGET, new ValueOutput<>(ByteArrayCodec.INSTANCE), epochs, RedisEpochs.LAST_FIELD);
    }

    private static <T> AsyncCommand<byte[], byte[], T> command(
            CommandType type, CommandOutput<byte[], byte[], T> output, byte[]... arguments) {
        CommandArgs<byte[], byte[]> all = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        for (byte[] argument : arguments) {
            all.addKey(argument);
        }
        return new AsyncCommand<>(new Command<>(type, output, all));
    }

    /**
     * Empty when nothing lies there.
     *
     * @param entry the name of the entry
     * @param epochs where the epochs of its tenant are
     */
    static Mono<Found> of(StatefulConnection<byte[], byte[]> connection, ByteBuffer entry, ByteBuffer epochs) {
        return Mono.fromFuture(() -> new SingleRead(bytes(entry), bytes(epochs)).sentOver(connection), true)
                .flatMap(Ending::told);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private CompletableFuture<Ending> sentOver(StatefulConnection<byte[], byte[]> connection) {
        connection.dispatch(List.of(life, value, lastPurge));
        return CompletableFuture.allOf(life, value, lastPurge)
                .handle((ignored, failure) -> failure == null ? new Ending(found(), null) : new Ending(null, failure));
    }

    /** All are answered. */
    private @Nullable Found found() {
        byte[] bytes = value.join();
        byte[] number = lastPurge.join();
        return bytes == null
                ? null
                : new Found(
                        life.join(),
                        ByteBuffer.wrap(bytes),
                        number == null ? 0 : Long.parseLong(new String(number, StandardCharsets.US_ASCII)));
    }

    /** A value itself, so that a failure for which nobody waits any more, as after each deadline of an outage, is no error that gets lost. */
    private record Ending(@Nullable Found found, @Nullable Throwable failure) {

        Mono<Found> told() {
            return failure == null
                    ? Mono.justOrEmpty(found)
                    : Mono.error(failure.getCause() instanceof RedisException cause ? cause : failure);
        }
    }
}
