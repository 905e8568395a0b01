package dev.sluice.gateway.ratelimit;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The limits in Redis: one script, {@code ratelimit.lua}, holds all limits of a tenant in one step. Thread-safe. */
final class RedisSharedLimits implements SharedLimits {

    private static final RedisScript<?> SCRIPT =
            RedisScript.of(new ClassPathResource("ratelimit.lua", RedisSharedLimits.class), List.class);

    private static final RedisScript<?> GREETING =
            RedisScript.of(new ClassPathResource("epoch.lua", RedisSharedLimits.class), List.class);

    /** No tenant's. */
    static final String EPOCH_KEY = "rl-epoch";

    /** Says that Redis' own clock counts. */
    private static final String REDIS_TIME = "";

    /** The first word of errors that every script would meet. */
    private static final Pattern REFUSED_TO_ALL = Pattern.compile(
            "(MISCONF|OOM|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|READONLY|LOADING|BUSY|NOPERM|NOAUTH|NOSCRIPT)\\b");

    private final ReactiveStringRedisTemplate redis;
    private final RedisChannels channels;
    private volatile boolean connected;

    /** @param channels those of the template's client */
    RedisSharedLimits(ReactiveStringRedisTemplate redis, RedisChannels channels) {
        this.redis = redis;
        this.channels = channels;
    }

    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return decideAt(REDIS_TIME, tenant, limits, cost);
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return leaseAt(REDIS_TIME, tenant, call);
    }

    @Override
    public Mono<LeaseEpoch> greet(String gateway, long recounted) {
        return execute(GREETING, EPOCH_KEY, List.of(gateway, Long.toString(recounted)))
                .map(reply -> new LeaseEpoch(number(reply, 0), number(reply, 1), (int) number(reply, 2)));
    }

    @Override
    public Mono<Void> caughtUp() {
        return channels.caughtUp();
    }

    /** Decides at a time in microseconds that the caller chooses. */
    Mono<LimitDecision> decideAt(String time, String tenant, List<Limit> limits, long cost) {
        return execute(SCRIPT, keyOf(tenant), arguments(time, limits, cost)).map(reply -> decide(reply, limits, cost));
    }

    /** Leases at a time in microseconds that the caller chooses. */
    Mono<LeaseReply> leaseAt(String time, String tenant, LeaseCall call) {
        return execute(SCRIPT, keyOf(tenant), arguments(time, call)).map(RedisSharedLimits::reply);
    }

    private Mono<List<?>> execute(RedisScript<?> script, String key, List<String> arguments) {
        Mono<List<?>> answer = Mono.<List<?>>defer(() ->
                        redis.execute(script, List.of(key), arguments).next().<List<?>>map(reply -> (List<?>) reply))
                .onErrorMap(RedisSharedLimits::concernsOneTenant, TenantCountsException::new);
        if (connected) {
            return answer;
        }
        // The first use of the connection factory waits for the connection: an event loop must not, and a caller that
        // gives up must not interrupt it.
        return Mono.fromFuture(
                () -> answer.doOnNext(first -> connected = true)
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture(),
                true);
    }

    /** Redis refused this script on these counts, not scripts or writing as such. */
    private static boolean concernsOneTenant(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return cause.getClass() == RedisCommandExecutionException.class
                        && !REFUSED_TO_ALL
                                .matcher(String.valueOf(cause.getMessage()))
                                .lookingAt();
            }
        }
        return false;
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

    private static LeaseReply reply(List<?> reply) {
        List<LeaseReply.Line> lines = new ArrayList<>();
        for (int i = 2; i < reply.size(); i += 4) {
            LimitState state = new LimitState(number(reply, i + 1), number(reply, i + 2));
            lines.add(new LeaseReply.Line(number(reply, i), state, number(reply, i + 3)));
        }
        return new LeaseReply(number(reply, 0), number(reply, 1), lines);
    }

    private static List<String> arguments(String time, List<Limit> limits, long cost) {
        List<String> arguments = new ArrayList<>(3 + 5 * limits.size());
        arguments.add("decide");
        arguments.add(time);
        arguments.add(Long.toString(cost));
        limits.forEach(limit -> describe(limit, arguments));
        return arguments;
    }

    private static List<String> arguments(String time, LeaseCall call) {
        List<String> arguments = new ArrayList<>(8 + 12 * call.lines().size());
        arguments.add("lease");
        arguments.add(time);
        arguments.add(call.holder());
        arguments.add(Long.toString(call.number()));
        arguments.add(Long.toString(call.born()));
        arguments.add(Long.toString(call.life()));
        arguments.add(Long.toString(call.recount().epoch()));
        arguments.add(Long.toString(call.recount().first()));
        for (LeaseCall.Line line : call.lines()) {
            describe(line.limit(), arguments);
            LongStream.of(line.since(), line.base(), line.spent(), line.held(), line.need(), line.want(), line.heard())
                    .mapToObj(Long::toString)
                    .forEach(arguments::add);
        }
        return arguments;
    }

    private static void describe(Limit limit, List<String> arguments) {
        arguments.add(limit.counter());
        arguments.add(limit.window());
        arguments.add(Long.toString(limit.quota()));
        arguments.add(Long.toString(limit.burst()));
        arguments.add(limit.mode().name());
    }
}
