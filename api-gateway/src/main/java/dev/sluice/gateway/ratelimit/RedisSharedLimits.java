package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
    private final LimitFloors floors;

    /**
     * @param channels those of the template's client
     * @param floors what is told to counts that may have lost it, with every call
     */
    RedisSharedLimits(ReactiveStringRedisTemplate redis, RedisChannels channels, LimitFloors floors) {
        this.scripts = new RedisScripts(redis);
        this.masters = new RedisMasters(redis.getConnectionFactory());
        this.epochs = new RedisEpochs(scripts, masters);
        this.channels = channels;
        this.floors = floors;
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
        return epochs.greet(gateway, recounted)
                .doOnNext(epoch -> floors.countsAreOld(Duration.of(epoch.age(), ChronoUnit.MICROS)));
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
        return scripts.execute(SCRIPT, keyOf(tenant), arguments(time, tenant, limits, cost))
                .map(reply -> decide(reply, limits, cost));
    }

    /** Leases at a time in microseconds that the caller chooses. */
    Mono<LeaseReply> leaseAt(String time, String tenant, LeaseCall call) {
        return scripts.execute(SCRIPT, keyOf(tenant), arguments(time, tenant, call))
                .map(reply -> reply(reply, call.lines().size()));
    }

    /** The braces make the tenant the part of the key that chooses the cluster slot. */
    static String keyOf(String tenant) {
        return "rl:{" + tenant + "}";
    }

    private static LimitDecision decide(List<?> reply, List<Limit> limits, long cost) {
        int surpluses = 1 + 2 * limits.size();
        List<LimitState> found = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            long surplus = surplus(reply, surpluses + i);
            found.add(new LimitState(number(reply, 1 + 2 * i), number(reply, 2 + 2 * i), surplus));
        }
        return LimitDecision.decide(limits, found, cost, number(reply, 0));
    }

    private static long number(List<?> reply, int index) {
        return ((Number) reply.get(index)).longValue();
    }

    /** They are told only where there are some. */
    private static long surplus(List<?> reply, int index) {
        return index < reply.size() ? number(reply, index) : 0;
    }

    private static LeaseReply reply(List<?> reply, int limits) {
        List<LeaseReply.Line> lines = new ArrayList<>();
        for (int line = 0; line < limits; line++) {
            int i = 2 + 4 * line;
            LimitState state =
                    new LimitState(number(reply, i + 1), number(reply, i + 2), surplus(reply, 2 + 4 * limits + line));
            lines.add(new LeaseReply.Line(number(reply, i), state, number(reply, i + 3)));
        }
        return new LeaseReply(number(reply, 0), number(reply, 1), lines);
    }

    private List<String> arguments(String time, String tenant, List<Limit> limits, long cost) {
        List<String> arguments = new ArrayList<>(4 + 5 * limits.size());
        arguments.add("decide");
        arguments.add(time);
        arguments.add(floorsOf(tenant, limits));
        arguments.add(Long.toString(cost));
        limits.forEach(limit -> describe(limit, arguments));
        return arguments;
    }

    private List<String> arguments(String time, String tenant, LeaseCall call) {
        List<Limit> limits = call.lines().stream().map(LeaseCall.Line::limit).toList();
        List<String> arguments = new ArrayList<>(9 + 12 * limits.size());
        arguments.add("lease");
        arguments.add(time);
        arguments.add(floorsOf(tenant, limits));
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

    /** As the script reads it; empty where there is nothing to tell, which is nearly always. */
    private String floorsOf(String tenant, List<Limit> limits) {
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < limits.size(); i++) {
            LimitFloors.Floor floor = floors.toTell(tenant, limits.get(i));
            if (floor.amount() > 0) {
                // Lua counts from 1.
                told.append(i + 1)
                        .append(':')
                        .append(floor.amount())
                        .append(':')
                        .append(floor.since())
                        .append(' ');
            }
        }
        return told.toString();
    }

    private static void describe(Limit limit, List<String> arguments) {
        arguments.add(limit.counter());
        arguments.add(limit.window());
        arguments.add(Long.toString(limit.quota()));
        arguments.add(Long.toString(limit.burst()));
        arguments.add(limit.mode().name());
    }
}
