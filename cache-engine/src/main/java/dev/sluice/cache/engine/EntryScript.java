package dev.sluice.cache.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** A script about one key that answers with three numbers or four; sent by its hash, and whole when Redis does not know it. */
final class EntryScript {

    private static final String TIME = "time.lua";

    private static final List<String> PUT = List.of("header.lua", "intime.lua", "condition.lua", "note.lua", "put.lua");

    /** The same, in one step with what it does to a ledger. */
    private static final List<String> PUT_IN_LEDGER =
            List.of("header.lua", "intime.lua", "condition.lua", "ledger.lua", "entered.lua", "note.lua", "put.lua");

    private final String hash;
    private final ByteBuffer text;

    private EntryScript(String... files) {
        RedisScript<Object> script =
                RedisScript.of(Stream.of(files).map(EntryScript::read).collect(Collectors.joining()));
        hash = script.getSha1();
        text = RedisArguments.text(script.getScriptAsString());
    }

    static EntryScript put(boolean inLedger) {
        return new EntryScript(
                Stream.concat(Stream.of(TIME), partsOfPut(inLedger)).toArray(String[]::new));
    }

    /** Several puts, each with the arguments of one. */
    static EntryScript putAll(boolean inLedger) {
        return new EntryScript(Stream.of(Stream.of(TIME, "puts.lua"), partsOfPut(inLedger), Stream.of("putall.lua"))
                .flatMap(parts -> parts)
                .toArray(String[]::new));
    }

    private static Stream<String> partsOfPut(boolean inLedger) {
        return (inLedger ? PUT_IN_LEDGER : PUT).stream();
    }

    static EntryScript delete() {
        return new EntryScript(TIME, "header.lua", "condition.lua", "note.lua", "delete.lua");
    }

    /** The same, in one step with what it does to a ledger. */
    static EntryScript deleteInLedger() {
        return new EntryScript(
                TIME, "header.lua", "condition.lua", "ledger.lua", "struck.lua", "note.lua", "delete.lua");
    }

    /** One that reads the header of an entry and changes a ledger. */
    static EntryScript entryInLedger(String file) {
        return new EntryScript(TIME, "header.lua", "ledger.lua", file);
    }

    /** {@code sweep.lua} for several entries. */
    static EntryScript sweepAll() {
        return new EntryScript(TIME, "sweeps.lua", "header.lua", "ledger.lua", "sweep.lua", "sweptall.lua");
    }

    /** One about a ledger. */
    static EntryScript ledger(String file) {
        return new EntryScript("ledger.lua", file);
    }

    /** One that reads the header of an entry and decides by itself. */
    static EntryScript entry(String file) {
        return new EntryScript(TIME, "header.lua", file);
    }

    /** One about something else than an entry. */
    static EntryScript alone(String file) {
        return new EntryScript(file);
    }

    /** One that knows who holds a lock. */
    static EntryScript lock(String file) {
        return new EntryScript("lock.lua", file);
    }

    private static String read(String file) {
        try {
            return new ClassPathResource(file, EntryScript.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The arguments are as many keys as are said, then what the script wants. */
    Mono<Answer> run(ReactiveScriptingCommands commands, int keys, ByteBuffer... arguments) {
        return ask(commands, keys, arguments).map(Answer::of);
    }

    /** As {@link #run}, of a script that answers with something else. */
    Mono<Object> ask(ReactiveScriptingCommands commands, int keys, ByteBuffer... arguments) {
        return commands.<Object>evalSha(hash, ReturnType.MULTI, keys, copies(arguments))
                .onErrorResume(
                        EntryScript::isUnknown,
                        ignored -> commands.eval(text.duplicate(), ReturnType.MULTI, keys, copies(arguments)))
                .next();
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

    /**
     * What a script returns; what the numbers mean is said in the script.
     *
     * @param at the time of Redis in microseconds where the script tells it, else 0
     * @param error where the script tells that, else empty
     */
    record Answer(long state, long number, long flag, long at, String error) {

        private static final long LATE = 3;

        static Answer of(Object reply) {
            if (reply instanceof List<?> list
                    && list.size() >= 3
                    && list.get(0) instanceof Long state
                    && list.get(1) instanceof Long number
                    && list.get(2) instanceof Long flag) {
                Object last = list.size() > 3 ? list.get(3) : 0;
                return new Answer(
                        state,
                        number,
                        flag,
                        last instanceof Long at ? at : 0,
                        last instanceof ByteBuffer text
                                ? StandardCharsets.UTF_8.decode(text).toString()
                                : "");
            }
            throw new IllegalStateException("a script answered with something else than three or four numbers");
        }

        /** Of a put: that it was not made, since it came too late. */
        boolean isLate() {
            return state == LATE;
        }

        /** Of a change: that it was made. */
        Answer orRefusal() {
            if (state == 0) {
                throw new ConditionFailedException(number == 0 ? OptionalLong.empty() : OptionalLong.of(number));
            }
            return this;
        }
    }
}
