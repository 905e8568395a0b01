package dev.sluice.gateway.ratelimit;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Runs the limiter's scripts, each on one key. Thread-safe. */
final class RedisScripts {

    /** The first word of errors that every script would meet. */
    private static final Pattern REFUSED_TO_ALL = Pattern.compile(
            "(MISCONF|OOM|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|READONLY|LOADING|BUSY|NOPERM|NOAUTH|NOSCRIPT)\\b");

    private final ReactiveStringRedisTemplate redis;
    private volatile boolean isConnected;

    RedisScripts(ReactiveStringRedisTemplate redis) {
        this.redis = redis;
    }

    /** What Redis replies; a {@link TenantCountsException} where it refuses this script on this key. */
    Mono<List<?>> execute(RedisScript<?> script, String key, List<String> arguments) {
        return connected(Mono.<List<?>>defer(() ->
                        redis.execute(script, List.of(key), arguments).next().<List<?>>map(reply -> (List<?>) reply))
                .onErrorMap(RedisScripts::concernsOneTenant, TenantCountsException::new));
    }

    /**
     * The same, on a thread that may wait where there was no connection yet: the first use of the connection factory waits for
     * it, which an event loop must not, and a caller that gives up must not interrupt it.
     */
    <T> Mono<T> connected(Mono<T> answer) {
        if (isConnected) {
            return answer;
        }
        return Mono.fromFuture(
                () -> answer.doOnNext(first -> isConnected = true)
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture(),
                true);
    }

    boolean isConnected() {
        return isConnected;
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
}
