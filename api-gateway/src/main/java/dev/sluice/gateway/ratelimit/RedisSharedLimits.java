package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The limits in Redis: one script, {@code ratelimit.lua}, decides and charges all limits of a request. Thread-safe. */
final class RedisSharedLimits implements SharedLimits {

    private static final RedisScript<?> SCRIPT =
            RedisScript.of(new ClassPathResource("ratelimit.lua", RedisSharedLimits.class), List.class);

    /** Says that Redis' own clock counts. */
    private static final String REDIS_TIME = "";

    private final ReactiveStringRedisTemplate redis;
    private volatile boolean connected;

    RedisSharedLimits(ReactiveStringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return decideAt(REDIS_TIME, tenant, limits, cost);
    }

    /** Decides at a time in microseconds that the caller chooses. */
    Mono<LimitDecision> decideAt(String time, String tenant, List<Limit> limits, long cost) {
        Mono<LimitDecision> decision = Mono.defer(
                        () -> redis.execute(SCRIPT, List.of(keyOf(tenant)), arguments(time, limits, cost))
                                .next())
                .map(reply -> decide((List<?>) reply, limits, cost));
        if (connected) {
            return decision;
        }
        // The first use of the connection factory waits for the connection: an event loop must not, and a caller that
        // gives up must not interrupt it.
        return Mono.fromFuture(
                () -> decision.doOnNext(first -> connected = true)
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture(),
                true);
    }

    /** The braces make the tenant the part of the key that chooses the cluster slot. */
    static String keyOf(String tenant) {
        return "rl:{" + tenant + "}";
    }

    private static LimitDecision decide(List<?> reply, List<Limit> limits, long cost) {
        List<LimitState> found = new ArrayList<>(limits.size());
        for (int i = 1; i < reply.size(); i += 2) {
            found.add(new LimitState(number(reply, i), number(reply, i + 1)));
        }
        return LimitDecision.decide(limits, found, cost, number(reply, 0));
    }

    private static long number(List<?> reply, int index) {
        return ((Number) reply.get(index)).longValue();
    }

    private static List<String> arguments(String time, List<Limit> limits, long cost) {
        List<String> arguments = new ArrayList<>(2 + 5 * limits.size());
        arguments.add(Long.toString(cost));
        arguments.add(time);
        for (Limit limit : limits) {
            arguments.add(limit.name());
            arguments.add(limit.window());
            arguments.add(Long.toString(limit.quota()));
            arguments.add(Long.toString(limit.burst()));
            arguments.add(limit.mode().name());
        }
        return arguments;
    }
}
