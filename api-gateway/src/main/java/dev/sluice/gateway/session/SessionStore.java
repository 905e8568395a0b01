package dev.sluice.gateway.session;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sessions in Redis. Each call is one script on the one value that holds a user's sessions. Every Mono fails with a
 * problem when Redis is away. Thread-safe; never waits longer than the deadline.
 */
final class SessionStore {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RedisScript<?> SCRIPT =
            RedisScript.of(new ClassPathResource("sessions.lua", SessionStore.class), List.class);

    /** Says that Redis' own clock counts. */
    private static final String REDIS_TIME = "";

    private static final String WHICHEVER = "";

    /** In place of a pause: to look is no use. */
    static final String NEVER = "never";

    /**
     * What a new session is to be.
     *
     * @param rest how long it may go unused
     * @param life when it is over in any case
     * @param attributes as JSON
     */
    record Draft(String tenant, String user, Duration rest, Duration life, String attributes) {}

    /**
     * A new session.
     *
     * @param ended those that had to end for it
     */
    record Made(Session session, List<SessionId> ended) {}

    private final ReactiveStringRedisTemplate redis;
    private final Duration deadline;
    private final int maxPerUser;
    private volatile boolean connected;

    SessionStore(ReactiveStringRedisTemplate redis, Duration deadline, int maxPerUser) {
        this.redis = redis;
        this.deadline = deadline;
        this.maxPerUser = maxPerUser;
    }

    Mono<Made> create(SessionToken token, Draft draft) {
        return createAt(REDIS_TIME, token, draft);
    }

    /** Empty when there is none of that id, or it is not this tenant's. */
    Mono<Session> find(String tenant, SessionId id) {
        return one(id, "find", REDIS_TIME, tenant, id.own());
    }

    /** As {@link #find}, and says that it was used. */
    Mono<Session> touch(String tenant, SessionId id) {
        return touchAt(REDIS_TIME, tenant, id);
    }

    /** The session of a token, whosever it is. Counts as a use, once in each pause at most: each is a write. */
    Mono<Session> use(SessionToken token, Duration pause) {
        return useAt(REDIS_TIME, WHICHEVER, token, millis(pause));
    }

    /** The session of a token of this tenant; no use. */
    Mono<Session> inspect(String tenant, SessionToken token) {
        return useAt(REDIS_TIME, tenant, token, NEVER);
    }

    /** The session of a token of this tenant, used just now. */
    Mono<Session> use(String tenant, SessionToken token) {
        return useAt(REDIS_TIME, tenant, token, millis(Duration.ZERO));
    }

    /** By id. */
    Mono<List<Session>> list(String tenant, String user) {
        return listAt(REDIS_TIME, tenant, user);
    }

    /** The session that ended; empty as for {@link #find}. */
    Mono<Session> revoke(String tenant, SessionId id) {
        return revokeAt(REDIS_TIME, tenant, id);
    }

    /** The sessions that ended. */
    Mono<List<Session>> revokeAll(String tenant, String user) {
        String owner = SessionId.ownerOf(tenant, user);
        return run(owner, "revoke-all", REDIS_TIME, tenant).map(reply -> read(owner, reply));
    }

    /** At a time in milliseconds that the caller chooses, as what follows. */
    Mono<Made> createAt(String time, SessionToken token, Draft draft) {
        SessionId id = token.id();
        return run(
                        id.owner(),
                        "create",
                        time,
                        draft.tenant,
                        id.own(),
                        draft.user,
                        token.hash(),
                        millis(draft.rest),
                        millis(draft.life),
                        draft.attributes,
                        Integer.toString(maxPerUser))
                .map(reply -> new Made(
                        read(id.owner(), reply.subList(0, 2)).getFirst(),
                        reply.subList(2, reply.size()).stream()
                                .map(own -> new SessionId(id.owner(), own))
                                .toList()));
    }

    Mono<Session> touchAt(String time, String tenant, SessionId id) {
        return one(id, "touch", time, tenant, id.own());
    }

    Mono<Session> useAt(String time, String tenant, SessionToken token, String pause) {
        return one(token.id(), "use", time, tenant, token.id().own(), token.hash(), pause);
    }

    Mono<List<Session>> listAt(String time, String tenant, String user) {
        String owner = SessionId.ownerOf(tenant, user);
        return run(owner, "list", time, tenant).map(reply -> read(owner, reply));
    }

    Mono<Session> revokeAt(String time, String tenant, SessionId id) {
        return one(id, "revoke", time, tenant, id.own());
    }

    private Mono<Session> one(SessionId id, String... arguments) {
        return run(id.owner(), arguments)
                .flatMap(reply ->
                        Mono.justOrEmpty(read(id.owner(), reply).stream().findFirst()));
    }

    private Mono<List<String>> run(String owner, String... arguments) {
        Mono<List<String>> answer = Mono.defer(() -> redis.execute(SCRIPT, List.of(keyOf(owner)), List.of(arguments))
                .next()
                .map(reply -> ((List<?>) reply).stream().map(String::valueOf).toList()));
        return (connected ? answer : connecting(answer))
                .timeout(deadline)
                // Redis answers all requests on one thread of its client; their handlers need all cores.
                .publishOn(Schedulers.parallel())
                .onErrorMap(SessionStore::away);
    }

    /** The first use of the connection factory blocks until there is a connection; who gives up must not interrupt it. */
    private Mono<List<String>> connecting(Mono<List<String>> answer) {
        return Mono.fromFuture(
                () -> answer.doOnNext(first -> connected = true)
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture(),
                true);
    }

    private static ProblemException away(Throwable failure) {
        LOG.debug("no answer about a session", failure);
        return new ProblemException(
                        ProblemType.UNAVAILABLE, "Sessions cannot be looked up just now. Send the same again later.")
                .withHeader("Retry-After", "1");
    }

    /** The braces make the user the part of the key that chooses the cluster slot. */
    private static String keyOf(String owner) {
        return "session:{" + owner + "}";
    }

    private static List<Session> read(String owner, List<String> reply) {
        List<Session> sessions = new ArrayList<>(reply.size() / 2);
        for (int i = 0; i < reply.size(); i += 2) {
            sessions.add(read(new SessionId(owner, reply.get(i)), JSON.readTree(reply.get(i + 1))));
        }
        sessions.sort(Comparator.comparing(session -> session.id().own()));
        return sessions;
    }

    private static Session read(SessionId id, JsonNode stored) {
        return new Session(
                id,
                stored.path("t").asString(),
                stored.path("u").asString(),
                JSON.readTree(stored.path("a").asString()),
                at(stored, "c"),
                at(stored, "s"),
                Duration.ofMillis(Long.parseLong(stored.path("i").asString())),
                at(stored, "x"));
    }

    private static Instant at(JsonNode stored, String field) {
        return Instant.ofEpochMilli(Long.parseLong(stored.path(field).asString()));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
