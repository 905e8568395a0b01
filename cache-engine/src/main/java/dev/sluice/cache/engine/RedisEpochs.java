package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Purges;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ReactiveRedisClusterConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The epochs in Redis: a hash for each tenant, from scope to number, and a set of the tenants that have any. Redis issues
 * the numbers from the clock of its versions.
 */
final class RedisEpochs {

    private static final Logger log = LoggerFactory.getLogger(RedisEpochs.class);

    private static final ByteBuffer TENANTS = RedisArguments.text("sluice:cache:purging");
    private static final String LAST = "last";

    /** What the hash has the last number under. */
    static final byte[] LAST_FIELD = LAST.getBytes(StandardCharsets.UTF_8);

    private final EntryScript purgeScript = EntryScript.alone("purge.lua");
    private final EntryScript forgetScript = EntryScript.alone("forget.lua");
    private final EntryScript retireScript = EntryScript.alone("retire.lua");
    private final RedisLink redis;

    RedisEpochs(RedisLink redis) {
        this.redis = redis;
    }

    /** No epoch is without someone who sweeps: its tenant is noted with it, or, where the two lie in different slots, before it. */
    Mono<Long> issue(Purge purge) {
        if (!redis.names().clustered()) {
            return issue(purge, 0, RedisArguments.epochs(purge.tenant()), TENANTS.duplicate());
        }
        return latestOfOthers()
                .flatMap(least -> note(purge.tenant()).then(issue(purge, least, RedisArguments.epochs(purge.tenant()))))
                // Again, for it may have been taken for idle in between.
                .flatMap(number -> note(purge.tenant()).thenReturn(number));
    }

    /** Each master of a Redis Cluster goes by its own clock, and the entries of a tenant lie on all of them. */
    private Mono<Long> latestOfOthers() {
        return redis.ask(connection -> connection instanceof ReactiveRedisClusterConnection cluster
                ? cluster.clusterGetNodes()
                        .filter(node -> node.isMaster()
                                && !node.isMarkedAsFail()
                                && !node.getSlotRange().getSlots().isEmpty())
                        .flatMap(node -> cluster.serverCommands().time(node))
                        .reduce(0L, Math::max)
                        .map(millis -> (millis + 1) * 1000)
                : Mono.just(0L));
    }

    private Mono<Long> issue(Purge purge, long least, ByteBuffer... keys) {
        List<ByteBuffer> arguments = new ArrayList<>(List.of(keys));
        arguments.add(RedisArguments.number(Epochs.MAX_PER_TENANT));
        arguments.add(RedisArguments.number(least));
        purge.scopes()
                .forEach(scope ->
                        arguments.add(RedisArguments.text(Epoch.field(purge.soft(), scope, purge.namespace()))));
        return redis.run(purgeScript, keys.length, arguments.toArray(ByteBuffer[]::new))
                .map(answer -> {
                    if (answer.state() == 0) {
                        throw new TooManyPurgesException();
                    }
                    return answer.number();
                });
    }

    private Mono<Long> note(String tenant) {
        return redis.ask(connection -> connection.setCommands().sAdd(TENANTS.duplicate(), RedisArguments.text(tenant)));
    }

    /** Nobody need look after the tenant until its next purge, unless there is one by now. */
    Mono<?> forget(String tenant) {
        return redis.names().clustered()
                ? redis.ask(
                        connection -> connection.setCommands().sRem(TENANTS.duplicate(), RedisArguments.text(tenant)))
                : redis.run(forgetScript, 2, RedisArguments.epochs(tenant), TENANTS.duplicate());
    }

    /** The number of the tenant's last epoch, 0 for none. */
    Mono<Long> last(ReactiveRedisConnection connection, String tenant) {
        return connection
                .hashCommands()
                .hGet(RedisArguments.epochs(tenant), RedisArguments.text(LAST))
                .map(number -> Long.parseLong(text(number)))
                .defaultIfEmpty(0L);
    }

    Mono<Purges> all(String tenant) {
        return redis.ask(connection -> connection
                .hashCommands()
                .hGetAll(RedisArguments.epochs(tenant))
                .collectList()
                .map(fields -> purges(tenant, fields)));
    }

    Flux<String> tenants() {
        return redis.ask(connection -> connection
                        .setCommands()
                        .sMembers(TENANTS.duplicate())
                        .map(RedisEpochs::text)
                        .collectList())
                .flatMapIterable(tenants -> tenants);
    }

    /** Answers whether it is not there any more; false when the scope was purged again. */
    Mono<Boolean> retire(Epoch epoch) {
        return redis.run(
                        retireScript,
                        RedisArguments.epochs(epoch.tenant()),
                        RedisArguments.text(epoch.field()),
                        RedisArguments.number(epoch.number()))
                .map(answer -> answer.state() == 1);
    }

    private static Purges purges(String tenant, List<Map.Entry<ByteBuffer, ByteBuffer>> fields) {
        List<Epoch> epochs = new ArrayList<>();
        long last = 0;
        for (Map.Entry<ByteBuffer, ByteBuffer> field : fields) {
            String name = text(field.getKey());
            long number = Long.parseLong(text(field.getValue()));
            last = Math.max(last, number);
            if (!name.equals(LAST)) {
                parse(tenant, name, number).ifPresent(epochs::add);
            }
        }
        return new Purges(epochs, last);
    }

    private static Optional<Epoch> parse(String tenant, String name, long number) {
        try {
            return Optional.of(Epoch.parse(tenant, name, number));
        } catch (IllegalArgumentException e) {
            log.warn("an epoch in Redis is unreadable and left where it is: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
