package dev.sluice.gateway.apikey;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The last uses of keys as one hash in Redis. Thread-safe. */
final class RedisKeyUseStore implements KeyUseStore {

    private static final String HASH = "api-keys:last-used";

    /** Several gateways write of the same key, and the one that was held up must not win. */
    private static final RedisScript<Long> KEEP_NEWER = RedisScript.of("""
            for i = 1, #ARGV, 2 do
              local kept = tonumber(redis.call('HGET', KEYS[1], ARGV[i]))
              if not kept or kept < tonumber(ARGV[i + 1]) then
                redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
              end
            end
            return #ARGV / 2
            """, Long.class);

    private final ReactiveStringRedisTemplate redis;

    RedisKeyUseStore(ReactiveStringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public Mono<Void> write(Map<String, Long> minutes) {
        List<String> arguments = new ArrayList<>(2 * minutes.size());
        minutes.forEach((id, minute) -> {
            arguments.add(id);
            arguments.add(Long.toString(minute));
        });
        return elsewhere(Mono.defer(
                () -> redis.execute(KEEP_NEWER, List.of(HASH), arguments).then()));
    }

    @Override
    public Mono<Map<String, Long>> read(Collection<String> ids) {
        List<String> fields = List.copyOf(ids);
        if (fields.isEmpty()) {
            return Mono.just(Map.of());
        }
        return elsewhere(Mono.defer(() -> redis.<String, String>opsForHash().multiGet(HASH, fields))
                .map(values -> byId(fields, values)));
    }

    @Override
    public Mono<Void> remove(String id) {
        return elsewhere(Mono.defer(() -> redis.opsForHash().remove(HASH, id)).then());
    }

    /**
     * The first use of the connection waits for it, which an event loop must not; and who gives up does not cancel, so that a
     * failure that comes later has somewhere to go.
     */
    private static <T> Mono<T> elsewhere(Mono<T> call) {
        return Mono.fromFuture(
                () -> call.subscribeOn(Schedulers.boundedElastic()).toFuture(), true);
    }

    private static Map<String, Long> byId(List<String> ids, List<String> values) {
        Map<String, Long> minutes = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            int place = i;
            // Null for a field that is not there, whatever the type says.
            Optional.ofNullable(values.get(i)).ifPresent(value -> minutes.put(ids.get(place), Long.parseLong(value)));
        }
        return minutes;
    }
}
