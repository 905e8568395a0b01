package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.RedisCounters;
import dev.sluice.cache.engine.RedisCounters.Add;
import dev.sluice.cache.engine.RedisCounters.Count;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/namespaces/{namespace}/counters/{name}}: numbers that many add to. */
@RestController
@RequestMapping(
        path = "/api/v1/cache/namespaces/{namespace}/counters/{name}",
        produces = MediaType.APPLICATION_JSON_VALUE)
final class CounterController {

    private static final byte[] NOTHING = {};

    private final RedisCounters counters;
    private final StrictJson json;

    CounterController(RedisCounters counters, StrictJson json) {
        this.counters = counters;
        this.json = json;
    }

    /** What is left out: add 1, without bounds, for a day from the first add. */
    record AddRequest(
            @Nullable Long delta,
            @Nullable Long min,
            @Nullable Long max,
            @Nullable Long ttlMillis) {

        Add add() {
            return new Add(
                    Spans.within("delta", delta, 1, -RedisCounters.MAX, RedisCounters.MAX),
                    Spans.within("min", min, -RedisCounters.MAX, -RedisCounters.MAX, RedisCounters.MAX),
                    Spans.within("max", max, RedisCounters.MAX, minOrLeast(), RedisCounters.MAX),
                    Spans.millis("ttlMillis", ttlMillis, NamespaceRules.USUAL_TTL, NamespaceRules.LONGEST_TTL));
        }

        private long minOrLeast() {
            return min == null ? -RedisCounters.MAX : min;
        }
    }

    /** A counter as it is. */
    record View(long value, long remainingMillis) {
        static View of(Count count) {
            return new View(count.value(), count.remaining().toMillis());
        }
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> add(
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            ServerWebExchange exchange) {
        CacheKey key = keyOf(CacheScope.WRITE, namespace, name, exchange);
        return counters.add(
                        key,
                        json.read(body == null ? NOTHING : body, AddRequest.class)
                                .add())
                .map(count -> answer(requireAdded(count)))
                .onErrorMap(CacheFailures::ofWrite);
    }

    @GetMapping
    Mono<ResponseEntity<byte[]>> find(
            @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
        return counters.find(keyOf(CacheScope.READ, namespace, name, exchange))
                .map(this::answer)
                .switchIfEmpty(Mono.error(CounterController::none))
                .onErrorMap(CacheFailures::ofWrite);
    }

    @DeleteMapping(produces = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> delete(
            @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
        return counters.delete(keyOf(CacheScope.WRITE, namespace, name, exchange))
                .filter(existed -> existed)
                .switchIfEmpty(Mono.error(CounterController::none))
                .map(existed -> ResponseEntity.noContent().<Void>build())
                .onErrorMap(CacheFailures::ofWrite);
    }

    private static Count requireAdded(Count count) {
        if (!count.added()) {
            throw new ProblemException(
                            ProblemType.CONFLICT, "The sum would be out of bounds; nothing was added. See value.")
                    .withExtension("value", count.value());
        }
        return count;
    }

    private ResponseEntity<byte[]> answer(Count count) {
        return ResponseEntity.ok(json.write(View.of(count)));
    }

    private static ProblemException none() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such counter; the first add makes it.");
    }

    private static CacheKey keyOf(CacheScope scope, String namespace, String name, ServerWebExchange exchange) {
        String tenant = scope.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return KeyRules.require(tenant, namespace, name);
    }
}
