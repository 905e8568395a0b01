package dev.sluice.cache.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** A script that changes one entry if a condition holds; sent by its hash, and whole when Redis does not know it. */
final class EntryScript {

    private final String hash;
    private final ByteBuffer text;

    /** The script in this file, after what all of them begin with. */
    EntryScript(String file) {
        RedisScript<Object> script = RedisScript.of(read("change.lua") + read(file));
        hash = script.getSha1();
        text = RedisArguments.text(script.getScriptAsString());
    }

    private static String read(String file) {
        try {
            return new ClassPathResource(file, EntryScript.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The arguments are the key, then what the script wants. */
    Mono<Answer> run(ReactiveScriptingCommands commands, ByteBuffer... arguments) {
        return commands.<Object>evalSha(hash, ReturnType.MULTI, 1, copies(arguments))
                .onErrorResume(
                        EntryScript::isUnknown,
                        ignored -> commands.eval(text.duplicate(), ReturnType.MULTI, 1, copies(arguments)))
                .next()
                .map(Answer::of);
    }

    /** The driver may move the positions. */
    private static ByteBuffer[] copies(ByteBuffer[] arguments) {
        return Arrays.stream(arguments).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
    }

    private static boolean isUnknown(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && message.startsWith("NOSCRIPT")) {
                return true;
            }
        }
        return false;
    }

    /** What a script returns. */
    record Answer(boolean done, long version, boolean existed) {

        static Answer of(Object reply) {
            if (reply instanceof List<?> list
                    && list.size() == 3
                    && list.get(0) instanceof Long done
                    && list.get(1) instanceof Long version
                    && list.get(2) instanceof Long existed) {
                return new Answer(done == 1, version, existed == 1);
            }
            throw new IllegalStateException("a script answered with something else than three numbers");
        }

        Answer orRefusal() {
            if (!done) {
                throw new ConditionFailedException(version == 0 ? OptionalLong.empty() : OptionalLong.of(version));
            }
            return this;
        }
    }
}
