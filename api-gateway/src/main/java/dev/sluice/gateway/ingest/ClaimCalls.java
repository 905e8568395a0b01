package dev.sluice.gateway.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Asks Redis about claims. A call costs it and us far more than a claim does, so what comes while two calls of a tenant are under way waits for one
 * of them, and leaves together; who is alone waits for nobody. Claims of a tenant lie in one slot of a cluster. Thread-safe; never blocks.
 */
final class ClaimCalls {

    private static final RedisScript<?> SCRIPT = RedisScript.of(text(), List.class);

    private static final int MOST_UNDER_WAY = 2;

    /** Redis does nothing else meanwhile: a millisecond at the most. */
    static final int MOST_TOGETHER = 100;

    private static final int ROOM_FOR_ARGUMENTS = 8;

    private final ReactiveStringRedisTemplate redis;
    private final Duration deadline;
    /** Of tenants that wait for an answer. */
    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();

    private volatile boolean connected;

    /**
     * Calls of one Redis.
     *
     * @param deadline after which a call is given up, so that others may leave
     */
    ClaimCalls(ReactiveStringRedisTemplate redis, Duration deadline) {
        this.redis = redis;
        this.deadline = deadline;
    }

    /**
     * About one claim.
     *
     * @param name its key in Redis
     * @param arguments as {@code claim.lua} has them
     */
    record Question(String name, List<String> arguments) {

        /** What chooses the slot. */
        String tenant() {
            return name.substring(0, name.indexOf('}') + 1);
        }
    }

    /**
     * Asks when it is subscribed to, and answers in the order of the questions, on a thread that may be held up a little; what fails, fails for all
     * that left together.
     *
     * @param questions of one tenant, which leave together; at most {@link #MOST_TOGETHER}
     */
    Mono<List<List<String>>> ask(List<Question> questions) {
        return Mono.create(asker -> {
            Waiting waiting = new Waiting(questions, asker);
            String tenant = questions.getFirst().tenant();
            lanes.compute(tenant, (key, lane) -> (lane == null ? new Lane() : lane).add(waiting));
            goOn(tenant);
        });
    }

    /** The same of one question. */
    Mono<List<String>> ask(Question question) {
        return ask(List.of(question)).map(List::getFirst);
    }

    /** Read once: a script that is known by its place is looked for with each call, whether it has changed. */
    private static String text() {
        try {
            return new ClassPathResource("claim.lua", ClaimCalls.class).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void goOn(String tenant) {
        List<Waiting> together = new ArrayList<>();
        lanes.computeIfPresent(tenant, (key, lane) -> lane.take(together));
        if (!together.isEmpty()) {
            send(tenant, together);
        }
    }

    private void send(String tenant, List<Waiting> together) {
        List<String> names = new ArrayList<>(MOST_TOGETHER);
        List<String> arguments = new ArrayList<>(MOST_TOGETHER * ROOM_FOR_ARGUMENTS);
        for (Waiting each : together) {
            for (Question question : each.questions) {
                names.add(question.name);
                arguments.add(Integer.toString(question.arguments.size()));
                arguments.addAll(question.arguments);
            }
        }
        Mono<?> call = Mono.defer(() -> redis.execute(SCRIPT, names, arguments).next())
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")));
        var _ = (connected ? call.timeout(deadline) : connecting(call))
                // Redis answers all requests on one thread of its client; their handlers need all cores.
                .publishOn(Schedulers.parallel())
                .doOnTerminate(() -> answered(tenant))
                .subscribe(
                        reply -> answer(together, (List<?>) reply),
                        failure -> together.forEach(each -> each.asker.error(failure)));
    }

    /** The first use of the connection factory blocks until there is a connection; it must not be interrupted. */
    private Mono<?> connecting(Mono<?> call) {
        return Mono.fromFuture(
                () -> call.doOnNext(first -> connected = true)
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture(),
                true);
    }

    private void answered(String tenant) {
        lanes.computeIfPresent(tenant, (key, lane) -> lane.answered());
        goOn(tenant);
    }

    private static void answer(List<Waiting> together, List<?> replies) {
        int at = 0;
        for (Waiting each : together) {
            List<List<String>> answers = new ArrayList<>(each.questions.size());
            for (int i = 0; i < each.questions.size(); i++) {
                answers.add(wordsOf((List<?>) replies.get(at++)));
            }
            each.asker.success(answers);
        }
    }

    private static List<String> wordsOf(List<?> reply) {
        List<String> words = new ArrayList<>(reply.size());
        for (Object word : reply) {
            words.add(String.valueOf(word));
        }
        return words;
    }

    private static final class Waiting {

        private final List<Question> questions;
        private final MonoSink<List<List<String>>> asker;
        private volatile boolean gone;

        Waiting(List<Question> questions, MonoSink<List<List<String>>> asker) {
            this.questions = questions;
            this.asker = asker;
            asker.onDispose(() -> gone = true);
        }
    }

    /** What a tenant waits for. Used within the map's own lock of it alone. */
    private static final class Lane {

        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int underWay;

        Lane add(Waiting next) {
            waiting.add(next);
            return this;
        }

        /** Moves those that may leave now; null when nobody waits any more. */
        @Nullable
        Lane take(List<Waiting> together) {
            int room = underWay < MOST_UNDER_WAY ? MOST_TOGETHER : 0;
            for (Waiting next = waiting.peek(); next != null && next.questions.size() <= room; next = waiting.peek()) {
                if (!waiting.remove().gone) {
                    together.add(next);
                    room -= next.questions.size();
                }
            }
            underWay += together.isEmpty() ? 0 : 1;
            return waiting.isEmpty() && underWay == 0 ? null : this;
        }

        @Nullable
        Lane answered() {
            underWay--;
            return waiting.isEmpty() && underWay == 0 ? null : this;
        }
    }
}
