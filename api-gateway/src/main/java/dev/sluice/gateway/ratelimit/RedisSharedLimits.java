package dev.sluice.gateway.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** The limits in Redis: one script, {@code ratelimit.lua}, holds all limits of a tenant in one step. Thread-safe. */
final class RedisSharedLimits implements SharedLimits {

    private static final RedisScript<?> SCRIPT =
            RedisScript.of(new ClassPathResource("ratelimit.lua", RedisSharedLimits.class), List.class);

    /** Says that Redis' own clock counts. */
    private static final String REDIS_TIME = "";

    private final RedisScripts scripts;
    private final RedisMasters masters;
    private final RedisEpochs epochs;
    private final RedisChannels channels;

    /** @param channels those of the template's client */
    RedisSharedLimits(ReactiveStringRedisTemplate redis, RedisChannels channels) {
        this.scripts = new RedisScripts(redis);
        this.masters = new RedisMasters(redis.getConnectionFactory());
        this.epochs = new RedisEpochs(scripts, masters);
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
        return epochs.greet(gateway, recounted);
    }

    @Override
    public String holderOf(String tenant) {
        return scripts.isConnected() ? masters.holderOf(keyOf(tenant)) : SharedLimits.super.holderOf(tenant);
    }

    @Override
    public Mono<Void> caughtUp() {
        return channels.caughtUp();
    }

    /** Decides at a time in microseconds that the caller chooses. */
    Mono<LimitDecision> decideAt(String time, String tenant, List<Limit> limits, long cost) {
        return scripts.execute(SCRIPT, keyOf(tenant), arguments(time, limits, cost))
                .map(reply -> decide(reply, limits, cost));
    }

    /** Leases at a time in microseconds that the caller chooses. */
    Mono<LeaseReply> leaseAt(String time, String tenant, LeaseCall call) {
        return scripts.execute(SCRIPT, keyOf(tenant), arguments(time, call)).map(RedisSharedLimits::reply);
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
