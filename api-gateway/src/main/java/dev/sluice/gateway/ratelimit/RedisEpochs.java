package dev.sluice.gateway.ratelimit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which life of its counts Redis is in, by {@code epoch.lua}. The counts of a cluster begin a new one when any of its masters does: each
 * is asked by a key of its own, and there is an answer when all have given theirs. Thread-safe.
 */
final class RedisEpochs {

    private static final RedisScript<?> GREETING =
            RedisScript.of(new ClassPathResource("epoch.lua", RedisEpochs.class), List.class);

    /** No tenant's. */
    static final String KEY = "rl-epoch";

    /** Numbers below 2^53 are exact in Lua. */
    private static final int TOO_LONG = Long.SIZE - 53;

    /** 2^64 divided by the golden ratio, the multiplier of Fibonacci hashing (Knuth, TAOCP 3, 6.4). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Lives of all masters, by the keys they were asked by, and one number that stands for them together. */
    private record Lives(Map<String, Long> births, long together) {}

    private record Answer(String key, long now, long born, int recounted) {}

    private final RedisScripts scripts;
    private final RedisMasters masters;
    private volatile Lives last = new Lives(Map.of(), 0);

    RedisEpochs(RedisScripts scripts, RedisMasters masters) {
        this.scripts = scripts;
        this.masters = masters;
    }

    /** As {@link SharedLimits#greet}. */
    Mono<LeaseEpoch> greet(String gateway, long recounted) {
        return scripts.connected(Mono.defer(() -> {
            Lives before = last;
            Map<String, Long> told = before.together() == recounted ? before.births() : Map.of();
            return Flux.fromIterable(masters.onEach(KEY))
                    .flatMapSequential(key -> greet(key, gateway, told.getOrDefault(key, 0L)))
                    .collectList()
                    .map(this::together);
        }));
    }

    private Mono<Answer> greet(String key, String gateway, long told) {
        return scripts.execute(GREETING, key, List.of(gateway, Long.toString(told)))
                .map(reply -> new Answer(key, number(reply, 0), number(reply, 1), (int) number(reply, 2)));
    }

    private LeaseEpoch together(List<Answer> answers) {
        Map<String, Long> births = new LinkedHashMap<>();
        long together = 0;
        long youngest = Long.MAX_VALUE;
        int recounted = Integer.MAX_VALUE;
        for (Answer answer : answers) {
            births.put(answer.key(), answer.born());
            together = together * GOLDEN + answer.born();
            youngest = Math.min(youngest, answer.now() - answer.born());
            recounted = Math.min(recounted, answer.recounted());
        }
        long life = answers.size() == 1 ? together : together >>> TOO_LONG;
        last = new Lives(births, life);
        return new LeaseEpoch(life, youngest, recounted);
    }

    private static long number(List<?> reply, int index) {
        return ((Number) reply.get(index)).longValue();
    }
}
